import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from './build.ts';
import { command, Failure } from './failure.ts';
import { startKafka } from './kafka.ts';
import { endLeftoverRuns } from './leftover-runs.ts';
import { freePorts } from './ports.ts';
import { startPostgres } from './postgres.ts';
import { postgresHome } from './postgres-home.ts';
import { Processes } from './processes.ts';
import { DATA, ROOT } from './root.ts';
import { machineEnv } from './settings.ts';

const HELP = `npm test: all tests, and the story of "npm run demo"; ends with "N passed, N failed".

  npm run test:unit | test:int | test:e2e     one kind
  npm run test:int -- apps/auditor            only files whose path matches

DATABASE_URL (an administrator's) and KAFKA_BROKERS are used instead of servers of our own. One file alone: see docs/contributing.md.
`;
const KINDS = ['unit', 'int', 'e2e'] as const;
type Kind = (typeof KINDS)[number];
interface Count {
  passed: number;
  failed: number;
}

/** How long Jest may take to end once its results are written: longer means that a test left something open. */
const END_MS = 20_000;
const log = (line: string) => void process.stdout.write(`${line}\n`);
const total: Count = { passed: 0, failed: 0 };

await command(async () => {
  const [first = 'all', ...rest] = process.argv.slice(2);
  if (first === '--help' || first === '-h') return void log(HELP);
  if (first !== 'all' && !isKind(first)) throw new Failure(`There is no kind of tests called ${first}: unit, int or e2e.`);
  const kinds = isKind(first) ? [first] : KINDS;
  const began = Date.now();
  await build(log);
  await withServers(kinds, async (env, dir) => {
    for (const kind of kinds) await jest(kind, rest, env, dir);
    if (first === 'all') await story();
  });
  log(`\n${((Date.now() - began) / 1000).toFixed(0)} s`);
  log(`${total.passed} passed, ${total.failed} failed`);
  return total.failed || !total.passed ? 1 : 0;
});
process.exit();

function isKind(text: string): text is Kind {
  return (KINDS as readonly string[]).includes(text);
}

/** One Postgres and one Kafka for all kinds; nothing for unit tests alone. e2e tests start a stack of their own. */
async function withServers(kinds: readonly Kind[], work: (env: Record<string, string>, dir: string) => Promise<void>): Promise<void> {
  await mkdir(DATA, { recursive: true });
  await endLeftoverRuns(DATA);
  const dir = mkdtempSync(join(DATA, `test-${process.pid}-`));
  const processes = await Processes.open(dir);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => void processes.close().finally(() => process.exit(130)));
  }
  let failed = true;
  try {
    await work(kinds.includes('int') ? await servers(processes) : {}, dir);
    failed = total.failed > 0;
  } finally {
    await processes.close();
    const home = postgresHome(dir);
    if (home !== dir) rmSync(home, { recursive: true, force: true });
    if (!failed) rmSync(dir, { recursive: true, force: true });
    else log(`The logs of this run are in ${join(dir, 'logs')} until the next one.`);
  }
}

async function servers(processes: Processes): Promise<Record<string, string>> {
  const [postgresPort = 0, port = 0, controllerPort = 0] = await freePorts(3);
  const { DATABASE_URL, KAFKA_BROKERS, KAFKA_USERNAME, KAFKA_PASSWORD } = process.env;
  const [database, brokers] = await Promise.all([
    DATABASE_URL ||
      startPostgres({ processes, port: postgresPort, password: 'gatehouse-test', log, durable: false }).then(({ adminUrl }) => adminUrl),
    KAFKA_BROKERS || startKafka({ processes, port, controllerPort, log }).then((kafka) => kafka.brokers),
  ]);
  return {
    DATABASE_URL: database,
    KAFKA_BROKERS: brokers,
    ...(KAFKA_USERNAME && { KAFKA_USERNAME }),
    ...(KAFKA_PASSWORD && { KAFKA_PASSWORD }),
  };
}

async function jest(kind: Kind, patterns: readonly string[], servers: Record<string, string>, dir: string): Promise<void> {
  const results = join(dir, `${kind}.json`);
  const which = {
    unit: ['--testPathIgnorePatterns', '\\.(int|e2e)\\.test\\.ts$', '/node_modules/', '/dist/', '/.data/'],
    int: ['--testMatch', '**/*.int.test.ts'],
    e2e: ['--testMatch', '**/*.e2e.test.ts'],
  }[kind];
  const args = ['--disable-warning=ExperimentalWarning', '--experimental-vm-modules', join(ROOT, 'node_modules/jest/bin/jest.js')];
  args.push('--passWithNoTests', '--json', '--outputFile', results, `--maxWorkers=${kind === 'e2e' ? 1 : 2}`, ...patterns, ...which);
  log(`\n${kind} tests`);
  const env = { ...machineEnv(), ...(kind === 'int' ? servers : {}), GATEHOUSE_TESTS: kind };
  const child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = new Promise<number | null>((done) => child.once('exit', done));
  const stuck = watchForStuckEnd(results, () => child.kill('SIGTERM'));
  const code = await ended;
  if (stuck()) log(`Jest did not end ${END_MS / 1000} s after its last test: a test left something open.`);
  count(results, code, stuck());
}

/** Jest waits for ever for what a test left open. Ends it then, and says so. */
function watchForStuckEnd(results: string, end: () => void): () => boolean {
  let stuck = false;
  let written = 0;
  const timer = setInterval(() => {
    if (!existsSync(results)) return;
    written ||= Date.now();
    if (Date.now() - written < END_MS || stuck) return;
    stuck = true;
    end();
  }, 500);
  return () => {
    clearInterval(timer);
    return stuck;
  };
}

/** Adds Jest's numbers. A file that could not run at all is one failure; so is a Jest that ended badly without saying why, or not at all. */
function count(results: string, code: number | null, stuck: boolean): void {
  if (!existsSync(results)) {
    total.failed++;
    return;
  }
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(readFileSync(results, 'utf8')) as {
    numPassedTests: number;
    numFailedTests: number;
    numRuntimeErrorTestSuites: number;
  };
  const failed = numFailedTests + numRuntimeErrorTestSuites;
  total.passed += numPassedTests;
  total.failed += failed || (code !== 0 || stuck ? 1 : 0);
}

/** The story counts as one test. */
async function story(): Promise<void> {
  log('\nthe story (npm run demo)');
  const args = [join(ROOT, 'infra/local/src/demo.ts'), '--no-build'];
  const child = spawn(process.execPath, args, { cwd: ROOT, env: machineEnv(), stdio: ['ignore', 'inherit', 'inherit'] });
  const code = await new Promise<number | null>((done) => child.once('exit', done));
  if (code === 0) total.passed++;
  else total.failed++;
}
