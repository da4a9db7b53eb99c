import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DATA,
  endLeftoverRuns,
  freePorts,
  makeSecrets,
  mustBeUsable,
  Processes,
  ROOT,
  runInitSql,
  startKafka,
  startPostgres,
} from '@gatehouse/local';
import { needsOf } from './needs.js';
import { startSandbox } from './sandbox.js';
import { runFile, type TestRun } from './test-run.js';

interface JestConfig {
  readonly testPathPatterns?: { readonly patterns: readonly string[] };
  readonly testPathPattern?: string;
}

const log = (line: string) => process.stderr.write(`${line}\n`);
/** The same in every run: a server given by DATABASE_URL has one set of roles, which several runs may use at once. */
const PASSWORD = 'gatehouse-test';

/**
 * Starts once what the tests of a run share: Postgres (or uses the administrator's DATABASE_URL), Kafka for the tests that need it (or uses
 * KAFKA_BROKERS) and the sandbox. All of it lives in a folder of this run, on free ports, and ends with the run, however that ends.
 */
export default async function globalSetup(config: JestConfig): Promise<void> {
  const needs = needsOf(ROOT, config.testPathPatterns?.patterns ?? [], process.env.GATEHOUSE_TESTS);
  const id = randomBytes(4).toString('hex');
  await endLeftoverRuns(DATA);
  const dataDir = join(DATA, `test-${process.pid}-${id}`);
  mkdirSync(dataDir, { recursive: true });
  const base: TestRun = { id, dataDir, secrets: makeSecrets(() => PASSWORD), shared: Boolean(process.env.DATABASE_URL) };
  const run: TestRun = needs.database ? { ...base, ...(await startShared(dataDir, base.secrets.postgresPassword, needs.broker)) } : base;
  if (run.adminUrl) await runInitSql(run.adminUrl, run.secrets.databasePasswords);
  writeFileSync(runFile(dataDir), JSON.stringify(run));
  process.env.TEST_RUN_FILE = runFile(dataDir);
}

async function startShared(dataDir: string, password: string, broker: boolean): Promise<Partial<TestRun> & { adminUrl: string }> {
  const processes = await Processes.open(dataDir);
  keep(processes);
  const [postgresPort = 0, port = 0, controllerPort = 0] = await freePorts(3);
  const { DATABASE_URL, KAFKA_BROKERS } = process.env;
  const [adminUrl, brokers, sandbox] = await Promise.all([
    DATABASE_URL || startPostgres({ processes, port: postgresPort, password, log, durable: false }).then((started) => started.adminUrl),
    KAFKA_BROKERS || (broker ? startKafka({ processes, port, controllerPort, log }).then((started) => started.brokers) : undefined),
    startSandbox(processes, log),
  ]);
  if (DATABASE_URL) await mustBeUsable(DATABASE_URL);
  return { adminUrl, ...(brokers && { brokers }), ...sandbox };
}

/** Teardown runs in the same process, and global state is the only thing that Jest lets the two share. */
const KEPT = Symbol.for('gatehouse.test.processes');
const keep = (processes: Processes) => Object.assign(globalThis, { [KEPT]: processes });
export const kept = () => (globalThis as { [KEPT]?: Processes })[KEPT];
