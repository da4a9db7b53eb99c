import type { EntityManager } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import { CONSUMER, OUTCOME } from '../inbox.js';
import { type Act, actsOn } from './acts.js';

/** What became of an event, as far as this app knows: its letter is there, it waits for its turn, it was handled, it was dropped … */
export interface Fate {
  readonly state: 'dead' | 'waiting' | 'done' | 'dropped' | 'gone' | 'unknown';
  /** In a sentence. */
  readonly says: string;
  readonly acts: readonly Act[];
}

interface Traces {
  letter: boolean;
  parked: boolean;
  outcomes: number[];
}

/** Where this event stands now, in the open transaction. */
export async function fateOf(em: EntityManager, eventId: string): Promise<Fate> {
  const { rows } = await sql<Traces>`select
    exists (select from dead_letter where consumer = ${sql.lit(CONSUMER)} and event_id = ${eventId}) as letter,
    exists (select from parked_event where consumer = ${sql.lit(CONSUMER)} and event_id = ${eventId}) as parked,
    array(select outcome from inbox where consumer = ${sql.lit(CONSUMER)} and event_id = ${eventId}
      and event_day = any(array(select (now() at time zone 'utc')::date - n from generate_series(-2, 60) n)))::int[] as outcomes`.execute(
    em.getKysely(),
  );
  const acts = await actsOn(em, eventId);
  return { ...judge(rows[0] ?? { letter: false, parked: false, outcomes: [] }, acts), acts };
}

/** The answer to an operator who asks for a letter that is not there. */
export async function nothingToDo(em: EntityManager, eventId: string): Promise<{ outcome: 'nothing' | 'unknown'; says: string }> {
  const { state, says } = await fateOf(em, eventId);
  return { outcome: state === 'unknown' ? 'unknown' : 'nothing', says };
}

function judge({ letter, parked, outcomes }: Traces, acts: readonly Act[]): Pick<Fate, 'state' | 'says'> {
  const last = acts.findLast(({ action }) => action.startsWith('dead-letters'));
  const told = last && `${last.by} ${last.action === 'dead-letters drop' ? 'dropped' : 'replayed'} it at ${last.at}`;
  if (letter) return { state: 'dead', says: last ? `it died again after ${told}` : 'it is a dead letter' };
  if (parked) return { state: 'waiting', says: `it waits in the queue of its key${told ? `: ${told}` : ''}` };
  if (outcomes.includes(OUTCOME.done))
    return { state: 'done', says: told ? `it is done: ${told}` : 'it was handled and is no dead letter' };
  if (last?.action === 'dead-letters drop') return { state: 'dropped', says: told ?? '' };
  if (outcomes.length > 0 || last) return { state: 'gone', says: `its letter is no longer kept (30 days)${told ? `; ${told}` : ''}` };
  return { state: 'unknown', says: 'no event of this id is known here' };
}
