import { readFileSync, statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../until.js';
import type { Lab } from './lab.js';
import { median, quantile, shown } from './statistics.js';

/** Model, tool, model. */
const STEPS_A_RUN = 3;
const AT_ONCE = 8;
const DATABASE = 'agent_runner';
const HOG = 'usr_hog';
const USERS = 2_000;

export interface RunSizes {
  readonly rounds: number;
  /** Runs of a round one after another, and eight at once. */
  readonly alone: number;
  readonly together: number;
  readonly queued: number;
  readonly claims: number;
}
interface Times {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly runsPerSecond: number;
}
export interface RunsMeasured {
  readonly direct: Times;
  readonly ours: Times;
  /** Medians of the rounds' ratios. */
  readonly p50Ratio: number;
  readonly p99Ratio: number;
  readonly statementsPerStep: number;
  readonly claim: { readonly queued: number; readonly p99Ms: number };
  /** Of the claims made while one user owned half of the queue, the share that was that user's; and how many others were served. */
  readonly hogShare: number;
  readonly served: number;
}

/** One tool call a run; model, tool and gate answer at once. In turn ours and the bare graph, first one at a time, then eight. */
export async function measureRuns(lab: Lab, sizes: RunSizes, tell: (line: string) => void): Promise<RunsMeasured> {
  const [instantPort, graphPort] = [await lab.freePort(), await lab.freePort()];
  const instant = `http://127.0.0.1:${instantPort}`;
  lab.side('instant', 'instant', { port: instantPort });
  lab.side('graph', 'graph', { port: graphPort, instant, databaseUrl: lab.databaseUrl('bench') });
  await until('the bare graph listens', async () => (await direct(graphPort, 1, 1)).times.length === 1, 60);

  const alone = await inRounds(lab, sizes, instant, graphPort, { runs: sizes.alone, atOnce: 1 });
  tell(`one at a time: ${shown(alone.ours.p50Ms)} ms, the bare graph ${shown(alone.direct.p50Ms)} ms`);
  const together = await inRounds(lab, sizes, instant, graphPort, { runs: sizes.together, atOnce: AT_ONCE });
  tell(`eight at once: ${shown(together.ours.runsPerSecond)} runs/s, the bare graph ${shown(together.direct.runsPerSecond)}`);
  await lab.processes.stop('graph');
  const statementsPerStep = await countStatements(lab, instant, tell);
  const queue = await measureQueue(lab, sizes, instant);
  return {
    direct: { ...alone.direct, runsPerSecond: together.direct.runsPerSecond },
    ours: { ...alone.ours, runsPerSecond: together.ours.runsPerSecond },
    p50Ratio: alone.p50Ratio,
    p99Ratio: alone.p99Ratio,
    statementsPerStep,
    ...queue,
  };
}

async function inRounds(lab: Lab, { rounds }: RunSizes, instant: string, graphPort: number, load: { runs: number; atOnce: number }) {
  await runner(lab, instant, load.atOnce);
  const found: { ours: Times; direct: Times }[] = [];
  for (let round = 0; round <= rounds; round++) {
    const turns = [async () => timesOf(await direct(graphPort, load.runs, load.atOnce)), async () => timesOf(await ours(lab, load.runs))];
    const [mine, theirs] = round % 2 ? [await turns[1]?.(), await turns[0]?.()] : (await inTurn(turns)).reverse();
    if (round > 0 && mine && theirs) found.push({ ours: mine, direct: theirs }); // the first warms both
  }
  await lab.processes.stop('agent-runner');
  const of = (pick: (round: (typeof found)[number]) => number) => median(found.map(pick));
  const side = (name: 'ours' | 'direct'): Times => ({
    p50Ms: of((round) => round[name].p50Ms),
    p99Ms: of((round) => round[name].p99Ms),
    runsPerSecond: of((round) => round[name].runsPerSecond),
  });
  return {
    ours: side('ours'),
    direct: side('direct'),
    p50Ratio: of((round) => round.ours.p50Ms / round.direct.p50Ms),
    p99Ratio: of((round) => round.ours.p99Ms / round.direct.p99Ms),
  };
}

async function inTurn<T>(turns: readonly (() => Promise<T>)[]): Promise<T[]> {
  const results: T[] = [];
  for (const turn of turns) results.push(await turn());
  return results;
}

async function runner(lab: Lab, instant: string, atOnce: number): Promise<void> {
  const env = {
    CONNECTIONS_URL: instant,
    COMPOSIO_BASE_URL: instant,
    OPENAI_BASE_URL: `${instant}/openai/v1`,
    COMPOSIO_RUNS_CALLS_PER_MINUTE: '100000',
    RUNS_AT_ONCE: String(atOnce),
  };
  lab.service('agent-runner', [], { env });
  await lab.ready('agent-runner');
}

interface Done {
  readonly times: readonly number[];
  readonly seconds: number;
}

async function direct(port: number, runs: number, atOnce: number): Promise<Done> {
  const answer = await fetch(`http://127.0.0.1:${port}/?runs=${runs}&atOnce=${atOnce}`);
  if (!answer.ok) throw new Error(`the bare graph: ${await answer.text()}`);
  return (await answer.json()) as Done;
}

/** From the claim to the commit of the run's end, by the database's clock; every one of a user of its own. */
async function ours(lab: Lab, runs: number): Promise<Done> {
  await lab.sql(DATABASE, 'delete from run_event; delete from tool_call; delete from run; delete from user_lane');
  await fill(lab, `select 'usr_' || n from generate_series(1, ${runs}) n`);
  await ended(lab, runs);
  const rows = await lab.sql<{ state: string; ms: number; from: number; to: number }>(
    DATABASE,
    `select state, extract(epoch from pg_xact_commit_timestamp(xmin) - claimed_at)::float8 * 1000 as ms,
       extract(epoch from claimed_at)::float8 as "from", extract(epoch from pg_xact_commit_timestamp(xmin))::float8 as "to" from run`,
  );
  const wrong = rows.filter(({ state }) => state !== 'completed').length;
  if (wrong) throw new Error(`${wrong} of ${runs} runs did not complete`);
  const seconds = Math.max(...rows.map(({ to }) => to)) - Math.min(...rows.map(({ from }) => from));
  return { times: rows.map(({ ms }) => ms), seconds };
}

/** A run for each user that the query gives, as if it had been asked for: queued in one transaction. */
async function fill(lab: Lab, users: string): Promise<void> {
  await lab.sql(
    DATABASE,
    `with fresh as (
       insert into run (id, user_id, input, agent, apps, tools, origin, request_hash, tainted, last_event)
       select gen_random_uuid(), u.id, 'List the channels.', 'default', '{"required":["slack"],"optional":[]}', '["SLACK_LIST_CHANNELS"]',
         'person', '', false, 1 from (${users}) as u (id) returning user_id
     ) insert into user_lane (user_id, ready, running) select user_id, count(*), 0 from fresh group by 1`,
  );
}

const ended = (lab: Lab, runs: number): Promise<unknown> =>
  until(
    `${runs} runs are over`,
    async () => {
      const [row] = await lab.sql<{ n: number }>(DATABASE, 'select count(*)::int as n from run where finished_at is not null');
      return row?.n === runs;
    },
    300,
  );

const timesOf = ({ times, seconds }: Done): Times => ({
  p50Ms: quantile(times, 0.5),
  p99Ms: quantile(times, 0.99),
  runsPerSecond: times.length / seconds,
});

/** All that reaches Postgres for runs one after another, as its own log has it, less what an idle service asks in that time. */
async function countStatements(lab: Lab, instant: string, tell: (line: string) => void): Promise<number> {
  const runs = 60;
  await lab.sql('bench', `alter database agent_runner set log_statement = 'all'`);
  await runner(lab, instant, 1);
  await ours(lab, 5);
  const log = lab.processes.get('postgres')?.logFile ?? '';
  const idle = await counted(log, () => pause(4_000));
  const busy = await counted(log, async () => void (await ours(lab, runs)));
  await lab.processes.stop('agent-runner');
  await lab.sql('bench', 'alter database agent_runner reset log_statement');
  const perSecond = idle.count / idle.seconds;
  tell(`statements: ${busy.count} in ${shown(busy.seconds)} s for ${runs} runs, ${shown(perSecond)} a second when idle`);
  return (busy.count - perSecond * busy.seconds) / (runs * STEPS_A_RUN);
}

async function counted(log: string, work: () => Promise<unknown>): Promise<{ count: number; seconds: number }> {
  const from = statSync(log).size;
  const began = performance.now();
  await work();
  const seconds = (performance.now() - began) / 1000;
  const lines = readFileSync(log).subarray(from).toString('utf8');
  return { count: lines.match(/LOG: {2}(statement|execute)/g)?.length ?? 0, seconds };
}

/** Half of a long queue is one user's. The claims of its first minute, as the service itself measures them. */
async function measureQueue(lab: Lab, { queued, claims }: RunSizes, instant: string) {
  await lab.sql(DATABASE, 'delete from run_event; delete from tool_call; delete from run; delete from user_lane');
  await fill(
    lab,
    `select case when n % 2 = 0 then '${HOG}' else 'usr_' || (n / 2 % ${USERS}) end from generate_series(0, ${queued - 1}) n order by n`,
  );
  await lab.sql(DATABASE, 'vacuum (analyze) run, user_lane');
  await runner(lab, instant, AT_ONCE);
  const taken = `select count(*)::int as n, count(*) filter (where user_id = '${HOG}')::int as hog,
    count(distinct user_id) filter (where user_id <> '${HOG}')::int as served from run where claimed_at is not null`;
  const look = async () => (await lab.sql<{ n: number; hog: number; served: number }>(DATABASE, taken))[0];
  await until(`${claims} claims`, async () => ((await look())?.n ?? 0) >= claims, 300);
  const found = await look();
  const p99Ms = await claimQuantile(lab, 0.99);
  await lab.processes.stop('agent-runner');
  return { claim: { queued, p99Ms }, hogShare: (found?.hog ?? 0) / (found?.n ?? 1), served: found?.served ?? 0 };
}

/** The upper bound of the histogram's bucket in which the quantile lies: never less than the truth. */
async function claimQuantile(lab: Lab, share: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${lab.ports['agent-runner']}/metrics`)).text();
  const buckets = [...text.matchAll(/^agent_runner_claim_duration_seconds_bucket\{le="([^"]+)"[^}]*\} (\d+)/gm)].map(([, le, count]) => ({
    seconds: le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le),
    count: Number(count),
  }));
  const total = buckets.at(-1)?.count ?? 0;
  return (buckets.find(({ count }) => count >= total * share)?.seconds ?? Number.NaN) * 1000;
}

export function runsTable({ direct: bare, ours: mine, p50Ratio, p99Ratio, ...rest }: RunsMeasured): string {
  return [
    '| one tool call a run | bare graph | ours | ratio |',
    '|---|---|---|---|',
    `| one at a time, p50 | ${shown(bare.p50Ms)} ms | ${shown(mine.p50Ms)} ms | ${shown(p50Ratio)}× |`,
    `| p99 | ${shown(bare.p99Ms)} ms | ${shown(mine.p99Ms)} ms | ${shown(p99Ratio)}× |`,
    `| ${AT_ONCE} at once | ${shown(bare.runsPerSecond)}/s | ${shown(mine.runsPerSecond)}/s | ${shown(mine.runsPerSecond / bare.runsPerSecond)}× |`,
    '',
    `${shown(rest.statementsPerStep)} statements a step. Claims with ${rest.claim.queued.toLocaleString('en')} queued, half of them one user's:`,
    `p99 at most ${shown(rest.claim.p99Ms)} ms; that user got ${shown(rest.hogShare * 100)} % of them, ${rest.served} others were served.`,
  ].join('\n');
}

/** The object of `--json`. */
export function runsJson({ direct: bare, ours: mine, statementsPerStep, claim }: RunsMeasured): object {
  const rounded = (value: number) => Number(value.toPrecision(4));
  const times = ({ p50Ms, p99Ms }: Times) => ({ p50Ms: rounded(p50Ms), p99Ms: rounded(p99Ms) });
  return {
    direct: times(bare),
    ours: { ...times(mine), runsPerSecond: rounded(mine.runsPerSecond), statementsPerStep: rounded(statementsPerStep) },
    claim: { queued: claim.queued, p99Ms: rounded(claim.p99Ms) },
  };
}
