import { setTimeout as pause } from 'node:timers/promises';
import type { SeekEntry } from 'kafkajs';
import { USER_CREATED } from './broker.js';
import type { Lab } from './lab.js';
import type { Sizes } from './sizes.js';
import { EMPTY, TABLES } from './tables.js';
import { cpuSeconds } from './usage.js';
import { userIds } from './users.js';

export interface Taken {
  readonly perSecond: number;
  /** Processor microseconds an event: the consuming process, Postgres, the broker. */
  readonly cpu: { readonly own: number; readonly postgres: number; readonly broker: number };
}
interface Side {
  readonly database: 'bench' | 'connections';
  readonly process: string;
  /** In a new group each time, but for the service, which has its own and leaves it. */
  group(round: number): string;
  readonly warm: number;
  readonly events: number;
  /** It takes in all that was published, so that there must be a row for each event and no more. */
  readonly wholeTopic: boolean;
  start(group: string): { readonly pid: number };
}
export type SideName = 'stock' | 'stockBest' | 'ceiling' | 'ceilingWithInbox' | 'ours' | 'oursAndRelay';
export type Results = Record<SideName, Taken[]>;
const NAMES: readonly SideName[] = ['stock', 'ceiling', 'ours', 'stockBest', 'ceilingWithInbox', 'oursAndRelay'];
/** The service's own chunk and partitions at once. Others were not searched, so the true ceiling may lie higher. */
const RAW = { chunk: 1000, partitionsAtOnce: 4 };

/** Each round runs every side on the same records, one after the other, each as a fresh process with empty tables. */
export async function measureIntake(lab: Lab, sizes: Sizes, tell: (line: string) => void): Promise<Results> {
  await lab.sql('bench', TABLES);
  await lab.broker.publish(userIds('intake', sizes.intake.warm + sizes.intake.events));
  const start = (await lab.broker.ends(USER_CREATED)).map(({ partition }) => ({ partition, offset: '0' }));
  const sides = sidesOf(lab, sizes);
  const results = Object.fromEntries(NAMES.map((name) => [name, [] as Taken[]])) as Results;
  for (let round = 0; round < sizes.rounds; round++) {
    for (const i of NAMES.keys()) {
      const name = NAMES[(i + round) % NAMES.length] as SideName; // no side always runs behind the same other
      await holdRelay(lab, name !== 'oursAndRelay');
      const taken = await takeIn(lab, sides[name], start, round);
      results[name].push(taken);
      tell(`  round ${round + 1}: ${name.padEnd(16)} ${Math.round(taken.perSecond)}/s`);
    }
  }
  await emptyTables(lab, 'connections');
  await holdRelay(lab, false);
  return results;
}

function sidesOf(lab: Lab, { intake, stock }: Sizes): Record<SideName, Side> {
  const common = { brokers: lab.kafka.brokers, databaseUrl: lab.databaseUrl('bench') };
  const raw = (name: string, inbox: boolean): Side => ({
    ...intake,
    wholeTopic: true,
    database: 'bench',
    process: name,
    group: (round) => `${name}-${round}`,
    start: (group) => lab.side(name, 'ceiling', { ...common, ...RAW, group, inbox }),
  });
  const usual = (name: string, partitionsAtOnce: number, events: number): Side => ({
    warm: stock.warm,
    events,
    wholeTopic: false,
    database: 'bench',
    process: name,
    group: (round) => `${name}-${round}-server`, // ServerKafka's own suffix
    start: (group) => lab.side(name, 'stock', { ...common, group: group.replace(/-server$/, ''), partitionsAtOnce }),
  });
  const ours: Side = {
    ...intake,
    wholeTopic: true,
    database: 'connections',
    process: 'connections',
    group: () => 'connections',
    start: () => lab.service('connections'),
  };
  return {
    stock: usual('stock', 1, stock.events),
    stockBest: usual('stock-best', 8, stock.bestEvents),
    ceiling: raw('ceiling', false),
    ceilingWithInbox: raw('ceiling-inbox', true),
    ours,
    oursAndRelay: ours,
  };
}

/** The shards of the outbox are leased to nobody who lives, so that what is measured is intake alone; or given back. */
export async function holdRelay(lab: Lab, hold: boolean): Promise<void> {
  const to = hold ? `gen_random_uuid(), lease_until = now() + interval '1 hour'` : 'null, lease_until = null';
  await lab.sql('connections', `update outbox_shard set owner = ${to}`);
}

async function emptyTables(lab: Lab, database: Side['database']): Promise<void> {
  await lab.sql(database, EMPTY);
  await lab.sql(database, 'checkpoint');
}

async function takeIn(lab: Lab, side: Side, from: SeekEntry[], round: number): Promise<Taken> {
  await emptyTables(lab, side.database);
  const group = side.group(round);
  await lab.broker.place(group, USER_CREATED, from);
  const taken = await watch(lab, { ...side, start: () => side.start(group) });
  await lab.processes.stop(side.process);
  if (side.wholeTopic) await mustBeWhole(lab, side);
  return taken;
}

interface Watched extends Pick<Side, 'database' | 'process' | 'warm' | 'events'> {
  start(): { readonly pid: number };
  /** Called when the time begins. */
  warmed?(): void;
}

/** Starts the side, waits until it has taken in all, and counts what it wrote. The time comes from the database's commits, afterwards. */
export async function watch(lab: Lab, { database, start, warmed, process: name, warm, events }: Watched): Promise<Taken> {
  const [before = { rows: 0, told: 0 }] = await lab.sql<{ rows: number; told: number }>(
    database,
    `select (select count(*)::int from composio_entity) as rows, (select case when is_called then last_value else 0 end::int from outbox_seq_seq) as told`,
  );
  const done = async () => {
    const [row] = await lab.sql<{ n: string }>(database, 'select case when is_called then last_value else 0 end as n from outbox_seq_seq');
    return Number(row?.n ?? 0) - before.told;
  };
  const child = start();
  const parts = [child.pid, lab.processes.get('postgres')?.pid ?? 0, lab.processes.get('kafka')?.pid ?? 0];
  const used = () => parts.map(cpuSeconds);
  const deadline = Date.now() + 120_000;
  let at = 0;
  let first: { at: number; used: number[] } | undefined;
  while (at < warm + events) {
    await pause(20);
    at = await done();
    if (at >= warm && !first) {
      first = { at, used: used() };
      warmed?.();
    }
    if (Date.now() > deadline)
      throw new Error(`${name} took in ${at} of ${warm + events} events in 120 s (log: ${lab.processes.logFile(name)})`);
  }
  const last = used();
  const [own = 0, postgres = 0, broker = 0] = last.map((seconds, i) => ((seconds - (first?.used[i] ?? 0)) / (at - (first?.at ?? 0))) * 1e6);
  const perSecond = await commitRate(lab, database, before.rows + warm, before.rows + warm + events);
  return { perSecond, cpu: { own, postgres, broker } };
}

async function mustBeWhole(lab: Lab, { database, process: name, warm, events }: Side): Promise<void> {
  const [row] = await lab.sql<{ users: number; told: number }>(
    database,
    'select (select count(*)::int from composio_entity) as users, last_value::int as told from outbox_seq_seq',
  );
  if (row?.users !== warm + events || row.told !== warm + events)
    throw new Error(`${name} made ${row?.users} rows and told ${row?.told} times of ${warm + events} users`);
}

/** Events a second between the commit that made them `warm` and the one that made them `total`; throws when rows are missing. */
async function commitRate(lab: Lab, database: Side['database'], warm: number, total: number): Promise<number> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const [row] = await lab.sql<{ n: number; seconds: number; events: number }>(
      database,
      `with commits as (select pg_xact_commit_timestamp(xmin) as at, count(*) as n from composio_entity group by 1),
         run as (select at, sum(n) over (order by at) as done from commits),
         ends as (select min(at) filter (where done >= $1) as a, min(at) filter (where done >= $2) as b from run)
       select (select max(done) from run)::int as n, extract(epoch from b - a)::float8 as seconds,
         (select (max(done) filter (where at = b) - max(done) filter (where at = a))::int from run) as events
       from ends group by a, b`,
      [warm, total],
    );
    if (row && row.n >= total && row.seconds > 0) return row.events / row.seconds;
    if (Date.now() > deadline) throw new Error(`there are ${row?.n ?? 0} rows of ${total}`);
    await pause(100);
  }
}
