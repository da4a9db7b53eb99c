import { asSystem } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { CONSUMER } from '../inbox.js';
import { type Operator, record } from './acts.js';
import { nothingToDo } from './fate.js';

export interface Dropped {
  readonly eventId: string;
  readonly outcome: 'dropped' | 'nothing' | 'unknown';
  readonly says: string;
}

/** Removes dead letters on purpose. The inbox still knows the events, so copies of them are passed over; the dead-letter topic keeps its own. */
@Injectable()
export class DropLetters {
  constructor(private readonly em: EntityManager) {}

  /** With `dryRun` nothing is changed. Each letter is a transaction of its own. */
  async execute(ids: readonly string[], operator: Operator, { dryRun = false } = {}): Promise<Dropped[]> {
    const dropped: Dropped[] = [];
    for (const id of ids) dropped.push(await asSystem(this.em, () => this.em.transactional(() => this.one(id, operator, dryRun))));
    return dropped;
  }

  private async one(eventId: string, operator: Operator, dryRun: boolean): Promise<Dropped> {
    const found = sql`from dead_letter where consumer = ${sql.lit(CONSUMER)} and event_id = ${eventId}`;
    const columns = sql`topic, key, code, reason`;
    const statement = dryRun ? sql`select ${columns} ${found}` : sql`delete ${found} returning ${columns}`;
    const { rows } = await statement.execute(this.em.getKysely());
    const [letter] = rows as { topic: string; key: string | null; code: string | null; reason: string }[];
    if (!letter) return { eventId, ...(await nothingToDo(this.em, eventId)) };
    const { topic, key, code, reason } = letter;
    const cause = code ? `${code}: ${reason}` : reason;
    if (!dryRun) await record(this.em, operator, { action: 'dead-letters drop', eventId, topic, key, cause, result: 'dropped' });
    return { eventId, outcome: 'dropped', says: 'dropped' };
  }
}
