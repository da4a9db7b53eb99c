import { rmSync } from 'node:fs';
import { postgresHome } from '@gatehouse/local';
import { dropDatabases } from './database.js';
import { kept } from './global-setup.js';
import { testRun } from './test-run.js';

/** Ends what global-setup started. GATEHOUSE_KEEP=1 leaves the run's folder with its logs and data. */
export default async function globalTeardown(): Promise<void> {
  const run = testRun();
  if (run?.shared) await dropDatabases(run);
  await kept()?.close();
  if (!run || process.env.GATEHOUSE_KEEP) return;
  for (const dir of new Set([postgresHome(run.dataDir), run.dataDir])) rmSync(dir, { recursive: true, force: true });
}
