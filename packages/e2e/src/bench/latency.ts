import { setTimeout as pause } from 'node:timers/promises';
import { ENTITY_CREATED, USER_CREATED } from './broker.js';
import { atRate } from './gate.js';
import type { Lab } from './lab.js';
import type { Sizes } from './sizes.js';
import { median, quantile } from './statistics.js';
import { userIds } from './users.js';

const PER_SECOND = 500;
export interface Times {
  readonly p50Ms: number;
  readonly p99Ms: number;
}
export interface Latency {
  /** From the commit of a transaction of the service itself to the broker's append. */
  readonly commitToKafka: Times & { readonly transactionsPerSecond: number };
  /** The same for transactions of another process: nobody wakes the relay, it polls. */
  readonly unwokenToKafka: Times;
  /** From the append of `user.created` to the append of `entity.created`. */
  readonly endToEnd: Times;
}

/** Publishes users one by one, 500 a second, and reads from the broker and from the database what happened when. */
export async function measureLatency(lab: Lab, { rounds, latencySeconds }: Sizes): Promise<Latency> {
  lab.service('connections');
  await lab.ready('connections');
  const perWindow = latencySeconds * PER_SECOND;
  const users = userIds('latency', perWindow * (rounds + 1));
  const sources = await lab.broker.ends(USER_CREATED);
  const targets = await lab.broker.ends(ENTITY_CREATED);
  await atRate(PER_SECOND, users, (user) => lab.broker.publish([user]));
  const told = byKey(await lab.broker.read(ENTITY_CREATED, targets, users.length));
  const asked = byKey(await lab.broker.read(USER_CREATED, sources, users.length));
  const commits = await commitTimes(lab, users);
  const unwoken = await fromOutside(lab, userIds('outside', perWindow * (rounds + 1)));
  await lab.processes.stop('connections');
  const windows = (from: Map<string, number>) =>
    times(users, perWindow, (user) => (told.get(user) ?? Number.NaN) - (from.get(user) ?? Number.NaN));
  const measured = users.slice(perWindow).map((user) => commits.get(user) ?? Number.NaN);
  const transactionsPerSecond = new Set(measured).size / ((Math.max(...measured) - Math.min(...measured)) / 1000);
  return {
    commitToKafka: { ...windows(commits), transactionsPerSecond },
    unwokenToKafka: times(unwoken.users, perWindow, unwoken.tookMs),
    endToEnd: windows(asked),
  };
}

/** Medians over windows of the quantiles within each; the first window is warm-up. */
function times(users: readonly string[], perWindow: number, tookMs: (user: string) => number): Times {
  const windows: number[][] = [];
  for (let from = perWindow; from < users.length; from += perWindow) windows.push(users.slice(from, from + perWindow).map(tookMs));
  if (windows.flat().some(Number.isNaN)) throw new Error('an event did not arrive');
  return { p50Ms: median(windows.map((all) => quantile(all, 0.5))), p99Ms: median(windows.map((all) => quantile(all, 0.99))) };
}

const byKey = (records: readonly { key: string; at: number }[]) => new Map(records.map(({ key, at }) => [key, at]));

async function commitTimes(lab: Lab, users: readonly string[]): Promise<Map<string, number>> {
  const rows = await lab.sql<{ user_id: string; at: number }>(
    'connections',
    'select user_id, (extract(epoch from pg_xact_commit_timestamp(xmin)) * 1000)::float8 as at from composio_entity where user_id = any($1)',
    [users],
  );
  return new Map(rows.map(({ user_id, at }) => [user_id, at]));
}

/** Transactions of another process: one row of the outbox each. */
async function fromOutside(lab: Lab, users: readonly string[]): Promise<{ users: readonly string[]; tookMs: (user: string) => number }> {
  const from = await lab.broker.ends(ENTITY_CREATED);
  const transactions = new Map<string, string>();
  await atRate(PER_SECOND, users, async (user) => {
    const [row] = await lab.sql<{ xid: string }>(
      'connections',
      `insert into outbox (shard, topic, key, event_id, body) values (hashtext($1) & 15, '${ENTITY_CREATED}', $1, gen_random_uuid(), $2)
       returning xmin::text as xid`,
      [user, JSON.stringify({ userId: user, entityId: user })],
    );
    if (row) transactions.set(user, row.xid);
  });
  await pause(200);
  const told = byKey(await lab.broker.read(ENTITY_CREATED, from, users.length));
  const rows = await lab.sql<{ xid: string; at: number }>(
    'connections',
    'select x as xid, (extract(epoch from pg_xact_commit_timestamp(x::xid)) * 1000)::float8 as at from unnest($1::text[]) x',
    [[...transactions.values()]],
  );
  const commits = new Map(rows.map(({ xid, at }) => [xid, at]));
  return { users, tookMs: (user) => (told.get(user) ?? Number.NaN) - (commits.get(transactions.get(user) ?? '') ?? Number.NaN) };
}
