import { createHash } from 'node:crypto';
import { until } from '../until.js';
import type { Lab } from './lab.js';
import { rssMb, watchMemory } from './usage.js';

const EXPIRED = 'connection.expired';
const APPS_EACH = 2;
const SHARE_BROKEN = 0.01;
const ROWS_AT_ONCE = 20_000;
const PAGE = 50;
/** Calls a minute that one process may make by default: what a sweep of so many takes with Composio's real limits. */
const DEFAULT_BUDGET = 200;

export interface AuditSizes {
  readonly connections: number;
  /** Users whom the naive loop asks for. */
  readonly sample: number;
}
/** Seconds are those of the first sweep, from its opening to the last event on the broker. `doubled` counts events after a second sweep, too. */
export interface Audited {
  readonly connections: number;
  readonly broken: number;
  readonly providerCalls: number;
  readonly callsByReplica: readonly number[];
  readonly seconds: number;
  readonly naiveCalls: number;
  readonly naiveSecondsExtrapolated: number;
  readonly events: number;
  readonly doubled: number;
  /** The most that either replica had in use, and what they had before the sweep. */
  readonly rssMb: number;
  readonly rssBeforeMb: number;
}

/** Throws unless each broken connection is told of, and no other. */
export async function measureAudit(lab: Lab, { connections, sample }: AuditSizes, tell: (line: string) => void): Promise<Audited> {
  const url = await lab.sandbox();
  const { broken, users } = await fill(lab, url, connections, tell);
  await holdSweeps(lab, true);
  const ports = [lab.ports.auditor, await lab.freePort()];
  const settings = { SCHEDULE: 'on', SWEEP_INTERVAL_SECONDS: '86400', COMPOSIO_SWEEP_CALLS_PER_MINUTE: '100000', COMPOSIO_BASE_URL: url };
  const children = ports.map((port, n) =>
    lab.service('auditor', [], { name: `auditor-${n + 1}`, env: { ...settings, PORT: String(port) } }),
  );
  for (const port of ports) await lab.ready('auditor', port);
  const rssBeforeMb = Math.max(...children.map(({ pid }) => rssMb(pid)));
  const memories = children.map(({ pid }) => watchMemory(pid));
  tell('two replicas wait');

  await holdSweeps(lab, false);
  await swept(lab, broken);
  const providerCalls = await callsAt(url);
  const [cycle] = await lab.sql<{ opened: number }>(
    'auditor',
    `select extract(epoch from opened_at) * 1000 as opened from cycle where kind = 'sweep'`,
  );
  const shards = await lab.sql<{ pages: string }>(
    'auditor',
    `select sum(pages) as pages from shard where kind = 'sweep' group by owner order by 1`,
  );
  await lab.sql('auditor', `delete from shard where kind = 'sweep'; delete from cycle where kind = 'sweep'`);
  await swept(lab, broken);
  const told = await lab.broker.read(EXPIRED, await starts(lab), await lab.broker.total(EXPIRED));
  for (const memory of memories) memory.stop();
  const peak = Math.max(...memories.map((memory) => memory.peak()));
  for (const child of children) await lab.processes.stop(child.name);

  const distinct = new Set(told.map(({ id }) => id)).size;
  if (distinct !== broken) throw new Error(`${broken} connections are broken, and ${distinct} were told of`);
  const naiveSeconds = await naive(url, sample);
  return {
    connections,
    broken,
    providerCalls,
    callsByReplica: shards.map(({ pages }) => Number(pages)),
    seconds: (Math.max(...told.map(({ at }) => at)) - Number(cycle?.opened)) / 1000,
    naiveCalls: users,
    naiveSecondsExtrapolated: (naiveSeconds / sample) * users,
    events: told.length,
    doubled: told.length - distinct,
    rssMb: peak,
    rssBeforeMb,
  };
}

/** The same accounts in the sandbox and in the watch list, all of them once active. */
async function fill(lab: Lab, url: string, connections: number, tell: (line: string) => void): Promise<{ broken: number; users: number }> {
  const users = Math.floor(connections / APPS_EACH);
  const generate = { users, appsPerUser: APPS_EACH, expiredShare: SHARE_BROKEN };
  const { count, accounts } = await control<Seeded>(url, 'POST', 'seed', { generate });
  if (count !== connections) throw new Error(`the sandbox made ${count} accounts`);
  const apps = accounts.slice(0, APPS_EACH).map(({ app }) => app);
  tell(`${count} accounts in the sandbox: ${users} users with ${apps.join(' and ')}`);
  for (let from = 0; from < count; from += ROWS_AT_ONCE) {
    const numbers = Array.from({ length: Math.min(ROWS_AT_ONCE, count - from) }, (_, n) => from + n);
    await lab.sql(
      'auditor',
      `insert into watched_connection (id, user_id, app, account_id, state, epoch, checked_at)
       select id, user_id, app, account_id, 'active', 0, now() from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) as t (id, user_id, app, account_id)`,
      [
        numbers.map(connectionId),
        numbers.map((n) => `usr_${Math.floor(n / APPS_EACH)}`),
        numbers.map((n) => apps[n % APPS_EACH]),
        numbers.map((n) => `ca_${n.toString(36).padStart(12, '0')}`), // as the sandbox numbers what it generates
      ],
    );
  }
  await lab.sql('auditor', 'vacuum (analyze) watched_connection');
  // Today's reconciliation is over: it is not what is measured.
  await lab.sql(
    'auditor',
    `insert into cycle (kind, period_start, state) values ('reconciliation', date_bin('1 day', now(), '2026-01-01Z'), 'closed')`,
  );
  const { total_items: broken } = await api<{ total_items: number }>(url, `?statuses=EXPIRED&limit=1&account_type=ALL`);
  return { broken, users };
}

/** While an older sweep looks unfinished, none begins: so both replicas start at once. */
async function holdSweeps(lab: Lab, held: boolean): Promise<void> {
  await lab.sql(
    'auditor',
    held
      ? `insert into cycle (kind, period_start, state) values ('sweep', '2000-01-01', 'open');
         insert into shard (kind, period_start, shard, lease_until) values ('sweep', '2000-01-01', 'held', 'infinity')`
      : `delete from shard where shard = 'held'; delete from cycle where period_start = '2000-01-01'`,
  );
}

async function swept(lab: Lab, broken: number): Promise<void> {
  const open = async () =>
    lab.sql<{ state: string; waiting: boolean; told: boolean }>(
      'auditor',
      `select state, exists (select from candidate) as waiting, not exists (select from outbox) as told from cycle where kind = 'sweep'`,
    );
  await until(
    `a sweep is over and its ${broken} breaks are told`,
    async () => {
      const [cycle] = await open();
      return cycle?.state === 'closed' && !cycle.waiting && cycle.told;
    },
    600,
  );
}

/** One question a user, as two replicas would put them, nothing done with the answers. */
async function naive(url: string, sample: number): Promise<number> {
  const began = performance.now();
  const loop = async (first: number) => {
    for (let user = first; user < sample; user += 2) await api(url, `?user_ids=usr_${user}&limit=${PAGE}&account_type=ALL`);
  };
  await Promise.all([loop(0), loop(1)]);
  return (performance.now() - began) / 1000;
}

const starts = async (lab: Lab) => (await lab.broker.ends(EXPIRED)).map(({ partition }) => ({ partition, offset: '0' }));

/** As our own are, of version 4: the id of an event is made from it. */
function connectionId(number: number): string {
  const hex = createHash('md5').update(`connection${number}`).digest('hex');
  return `${hex.slice(0, 12)}4${hex.slice(13, 16)}8${hex.slice(17)}`;
}

interface Seeded {
  count: number;
  accounts: { app: string }[];
}

/** Questions that the auditors put, as the provider counts them: the bench's own have another limit or name a user. */
async function callsAt(url: string): Promise<number> {
  const { items } = await control<{ items: { query: Record<string, string> }[] }>(url, 'GET', 'requests');
  return items.filter(({ query }) => query.limit !== '1').length;
}

async function control<T>(url: string, method: string, path: string, body?: object): Promise<T> {
  const json = body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {};
  const answer = await fetch(`${url}/_emulator/${path}?project=bench`, { method, ...json });
  if (!answer.ok) throw new Error(`the sandbox answers ${answer.status} to ${path}`);
  return (await answer.json()) as T;
}

async function api<T>(url: string, query: string): Promise<T> {
  const answer = await fetch(`${url}/api/v3.1/connected_accounts${query}`, { headers: { 'x-api-key': 'emu_bench' } });
  if (!answer.ok) throw new Error(`the sandbox answers ${answer.status}`);
  return (await answer.json()) as T;
}

export function auditTable(found: Audited): string {
  const { connections, broken, providerCalls, seconds, naiveCalls, naiveSecondsExtrapolated, events, doubled } = found;
  const times = (n: number) => `${Math.round(n).toLocaleString('en')}×`;
  const atBudget = (calls: number) => {
    const minutes = calls / (2 * DEFAULT_BUDGET);
    return minutes < 60 ? `${minutes.toFixed(1)} min` : `${(minutes / 60).toFixed(1)} h`;
  };
  return [
    `| ${connections.toLocaleString('en')} connections, ${broken.toLocaleString('en')} broken | sweep | one call a user | ratio |`,
    '|---|---|---|---|',
    `| calls to Composio | ${providerCalls} (${found.callsByReplica.join(' + ')}) | ${naiveCalls.toLocaleString('en')} | ${times(naiveCalls / providerCalls)} |`,
    `| seconds, two processes | ${seconds.toFixed(1)}, until told | ${Math.round(naiveSecondsExtrapolated).toLocaleString('en')} (extrapolated), only asked | ${times(naiveSecondsExtrapolated / seconds)} |`,
    `| at 2 × ${DEFAULT_BUDGET} calls a minute | ${atBudget(providerCalls)} | ${atBudget(naiveCalls)} | |`,
    '',
    `${events} events after two sweeps, ${doubled} doubled; memory of a replica ${found.rssBeforeMb} MB before, ${found.rssMb} MB at most.`,
  ].join('\n');
}

/** The object of `--json`. */
export function auditJson(found: Audited): object {
  const { callsByReplica: _calls, rssBeforeMb: _before, ...rest } = found;
  const rounded = (value: number) => Number(value.toFixed(1));
  return { ...rest, seconds: rounded(found.seconds), naiveSecondsExtrapolated: rounded(found.naiveSecondsExtrapolated) };
}
