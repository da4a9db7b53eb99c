import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Secrets } from '@gatehouse/local';

/** What global-setup started (or found) for the whole of one Jest run. Written to a file, which TEST_RUN_FILE names to workers and teardown. */
export interface TestRun {
  /** Part of every database's name, so that several runs may share a server. */
  readonly id: string;
  readonly dataDir: string;
  readonly secrets: Secrets;
  /** Undefined when this run has only unit tests. */
  readonly adminUrl?: string;
  /** Whether the server is somebody else's, so databases have to be taken away one by one. */
  readonly shared: boolean;
  readonly brokers?: string;
  readonly sandboxUrl?: string;
  readonly smtpUrl?: string;
}

export const runFile = (dataDir: string) => join(dataDir, 'run.json');

export function testRun(): TestRun | undefined {
  const file = process.env.TEST_RUN_FILE;
  return file ? (JSON.parse(readFileSync(file, 'utf8')) as TestRun) : undefined;
}
