import type { Effect } from '../provider.js';
import type { Errand } from './errands.js';
import type { State } from './state.js';

/** What was to happen beyond the system, and what the provider says of it. */
export interface Outside {
  readonly errands: readonly Errand[];
  readonly effects: readonly Effect[];
  /** Connections that broke at the provider, by id. */
  readonly broken: ReadonlySet<string>;
}
interface Found {
  readonly lost: string[];
  readonly doubled: string[];
}

/** Every write at the provider at most once; none done without the journal's word, and none vouched for that was not done. */
export function checkErrands({ errands, effects }: Outside, { calls }: State): Found {
  const found: Found = { lost: [], doubled: [] };
  for (const { marker, runId, state, approved } of errands) {
    const done = effects.filter(({ arguments: args }) => JSON.stringify(args).includes(marker)).length;
    const said = (runId && calls.get(runId)) || [];
    if (done > 1) found.doubled.push(`${marker}: posted ${done} times`);
    if (done > 0 && !approved && !said.length) found.doubled.push(`${marker}: posted, and nobody asked`);
    if (runId === undefined) continue;
    if (done === 0 && said.includes('done')) found.lost.push(`${marker}: journal says done, and it was not`);
    if (done === 1 && !said.some((one) => one === 'done' || one === 'unknown')) found.lost.push(`${marker}: posted, journal: ${said}`);
    if (!['completed', 'failed', 'cancelled'].includes(state)) found.lost.push(`${marker}: its run ${runId} never ended (${state})`);
    if (state === 'completed' && said.length === 0) found.lost.push(`${marker}: completed without a call`);
  }
  return found;
}

/** One event and one message for each connection that broke; none for the others. */
export function checkIncidents({ broken }: Outside, { topics, notices }: State): Found {
  const found: Found = { lost: [], doubled: [] };
  const told = Map.groupBy(topics.get('connection.expired') ?? [], ({ body }) => connectionOf(body));
  for (const id of broken) {
    const events = new Set(told.get(id)?.map(({ headers }) => headers.ce_id)).size;
    if (events === 0) found.lost.push(`${id}: broke, and nobody was told`);
    else if (!notices.get(id)) found.lost.push(`${id}: connection.expired without a message`);
    if (events > 1) found.doubled.push(`${id}: ${events} different connection.expired`);
    if ((notices.get(id) ?? 0) > 1) found.doubled.push(`${id}: ${notices.get(id)} messages about one break`);
  }
  for (const id of told.keys()) if (!broken.has(id)) found.doubled.push(`${id}: connection.expired, and it had not broken`);
  return found;
}

const connectionOf = (body: string): string => (JSON.parse(body) as { connectionId: string }).connectionId;
