import { type EventContract, userId } from '@gatehouse/contracts';
import { asSystem } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { z } from 'zod';
import { restoreHeaders } from '../bytes.js';
import { decode } from '../envelope.js';
import { CONSUMER } from '../inbox.js';
import { type Operator, record } from './acts.js';
import { nothingToDo } from './fate.js';
import { letterOf } from './find-letters.js';
import { bodyOf, bytesOf, type Letter } from './letter.js';

/** `refused`: it can never be handled as it is. `nothing`: there is no letter any more, `says` tells why; `unknown`: there never was one. */
export interface Replayed {
  readonly eventId: string;
  readonly outcome: 'queued' | 'refused' | 'nothing' | 'unknown';
  readonly says: string;
}

/** Any event of ours: what a newer contract may still change is not asked. */
const anyContract = (type: string) => ({ type, tolerant: z.looseObject({ userId }) }) as unknown as EventContract;

/**
 * Gives dead events another chance, in this app alone: a letter moves into the queue of its key, and the unparker takes it from there as it
 * would any parked event, with every check. It succeeds only by turning the event's row of the inbox from dead to done; when it
 * fails again it is a dead letter again. Each letter is a transaction of its own, with a record of who did it.
 */
@Injectable()
export class ReplayLetters {
  constructor(private readonly em: EntityManager) {}

  /** In the order given. With `dryRun` nothing is changed. */
  async execute(ids: readonly string[], operator: Operator, { dryRun = false } = {}): Promise<Replayed[]> {
    const replayed: Replayed[] = [];
    for (const id of ids) replayed.push(await asSystem(this.em, () => this.em.transactional(() => this.one(id, operator, dryRun))));
    return replayed;
  }

  private async one(eventId: string, operator: Operator, dryRun: boolean): Promise<Replayed> {
    const { em } = this;
    const letter = await letterOf(em, eventId);
    if (!letter) return { eventId, ...(await nothingToDo(em, eventId)) };
    const hopeless = faultOf(letter);
    if (hopeless) return { eventId, outcome: 'refused', says: hopeless };
    const { topic, key, code, reason } = letter;
    if (!dryRun) {
      await this.park(letter);
      // The key is held by now, so the queue stands still, and whoever replays the same letter waits here.
      if (!(await this.move(eventId))) return { eventId, ...(await nothingToDo(em, eventId)) };
    }
    const ahead = await this.ahead(letter);
    const says = ahead === 0 ? 'queued' : `queued behind ${ahead} event${ahead === 1 ? '' : 's'} of its key`;
    const cause = code ? `${code}: ${reason}` : reason;
    if (!dryRun) await record(em, operator, { action: 'dead-letters replay', eventId, topic, key, cause, result: says });
    return { eventId, outcome: 'queued', says };
  }

  /** Parks the key, or holds it if it is parked: the unparker cannot let it go before the event stands in its queue. */
  private async park({ topic, key }: Letter): Promise<void> {
    await sql`insert into parked_key (consumer, topic, key, not_before, attempts, last_error)
      values (${sql.lit(CONSUMER)}, ${topic}, ${key}, now(), 0, 'a replay')
      on conflict (consumer, topic, key) do update set attempts = parked_key.attempts`.execute(this.em.getKysely());
  }

  /** From the letters into the queue; false when somebody else was faster. A redelivered copy may stand there already: it becomes the replay. */
  private async move(eventId: string): Promise<boolean> {
    const { rows } =
      await sql`with letter as (delete from dead_letter where consumer = ${sql.lit(CONSUMER)} and event_id = ${eventId} returning *)
      insert into parked_event (consumer, topic, key, event_id, partition, record_offset, record_time, headers, body, replay)
      select consumer, topic, key, event_id, partition, record_offset, coalesce(record_time, (extract(epoch from at) * 1000)::bigint), headers,
        convert_to(body, 'UTF8'), true from letter
      on conflict (consumer, event_id) do update set replay = true returning event_id`.execute(this.em.getKysely());
    return rows.length > 0;
  }

  private async ahead({ topic, key, eventId }: Letter): Promise<number> {
    const { rows } = await sql<{
      n: number;
    }>`select count(*)::int as n from parked_event where consumer = ${sql.lit(CONSUMER)} and topic = ${topic}
      and key = ${key} and ord < coalesce((select ord from parked_event where consumer = ${sql.lit(CONSUMER)} and event_id = ${eventId}), ${sql.lit('9223372036854775807')}::bigint)`.execute(
      this.em.getKysely(),
    );
    return rows[0]?.n ?? 0;
  }
}

/** Why no code and no contract could ever take this event: the checks that look at nothing but the record itself. */
function faultOf(letter: Letter): string | undefined {
  const { topic, key, keyEncoding, recordedAt } = letter;
  const message = {
    partition: letter.partition,
    offset: letter.offset,
    key: bytesOf(key, keyEncoding),
    value: bodyOf(letter),
    headers: restoreHeaders(letter.headers),
    timestamp: String(Date.parse(recordedAt)),
  };
  const { failure, eventId } = decode(topic, message, anyContract(topic));
  if (key === null) return 'it has no key, so it is no event of any user and can never be handled: mend its sender, and drop this one';
  if (failure?.code === 'time_out_of_window' && Date.parse(String(letter.headers.ce_time)) > Date.now())
    return `not yet: ${failure.reason}`;
  if (failure) return `it can never be handled as it is (${failure.reason}): mend its sender, and drop this one`;
  if (eventId !== letter.eventId) return 'its headers were not kept whole, so it would come back as another event: drop this one';
  return undefined;
}
