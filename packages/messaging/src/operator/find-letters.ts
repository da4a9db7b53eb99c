import { asSystem, uuids } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { type RawBuilder, sql } from 'kysely';
import { CONSUMER } from '../inbox.js';
import { actsOn } from './acts.js';
import { type Fate, fateOf } from './fate.js';
import { iso, type Letter, type LetterSummary, type Page, type Selection } from './letter.js';

type Row = Omit<Letter, 'acts'> & { total: number };

const SUMMARY = sql`event_id as "eventId", topic, key, code, class, reason, fingerprint, attempts, partition, record_offset::text as "offset", at as "diedAt",
  (select count(*)::int from operator_act a where a.event_id = l.event_id and a.action = 'dead-letters replay') as replays`;

/** Reads the dead letters of the app's own database. */
@Injectable()
export class FindLetters {
  constructor(private readonly em: EntityManager) {}

  /** The newest first, at most `limit`. */
  list(selection: Selection, limit: number): Promise<Page<LetterSummary>> {
    return this.read(async () => {
      const { rows } = await sql<Row>`select ${SUMMARY}, count(*) over ()::int as total from dead_letter l where ${matches(selection)}
        order by at desc, partition, record_offset desc limit ${limit}`.execute(this.em.getKysely());
      return { items: rows.map(({ total: _, ...row }) => ({ ...row, diedAt: iso(row.diedAt) })), total: rows[0]?.total ?? 0 };
    });
  }

  /** For pages, the newest first; `before` is the last one of the page before, as `at` and its id with a space between. */
  page(
    selection: Selection,
    { limit, before }: { limit: number; before: string | undefined },
  ): Promise<(LetterSummary & { at: string })[]> {
    const [at, id] = before?.split(' ') ?? [];
    const older = at && id ? sql`(at, event_id) < (${at}::timestamptz, ${id}::uuid)` : sql`true`;
    return this.read(async () => {
      const { rows } = await sql<LetterSummary & { at: string }>`select ${SUMMARY}, replace(at::text, ' ', 'T') as at from dead_letter l
        where ${matches(selection)} and ${older} order by l.at desc, event_id desc limit ${limit}`.execute(this.em.getKysely());
      return rows.map((row) => ({ ...row, diedAt: iso(row.diedAt) }));
    });
  }

  /** Ids in the order in which they died, so that events of one key keep theirs. */
  ids(selection: Selection, limit: number): Promise<Page<string>> {
    return this.read(async () => {
      const { rows } = await sql<{ id: string; total: number }>`select event_id as id, count(*) over ()::int as total from dead_letter l
        where ${matches(selection)} order by at, topic, partition, record_offset limit ${limit}`.execute(this.em.getKysely());
      return { items: rows.map(({ id }) => id), total: rows[0]?.total ?? 0 };
    });
  }

  one(eventId: string): Promise<Letter | undefined> {
    return this.read(() => letterOf(this.em, eventId));
  }

  /** Where this event stands, if it is a dead letter or not. */
  fate(eventId: string): Promise<Fate> {
    return this.read(() => fateOf(this.em, eventId));
  }

  private read<T>(work: () => Promise<T>): Promise<T> {
    return asSystem(this.em, () => this.em.transactional(work));
  }
}

/** The whole letter, in the open transaction. */
export async function letterOf(em: EntityManager, eventId: string): Promise<Letter | undefined> {
  const { rows } = await sql<Row>`select ${SUMMARY}, key_encoding as "keyEncoding", headers, body, encoding,
    coalesce(to_timestamp(record_time / 1000.0), at) as "recordedAt"
    from dead_letter l where consumer = ${sql.lit(CONSUMER)} and event_id = ${eventId}`.execute(em.getKysely());
  const [row] = rows;
  if (!row) return undefined;
  return { ...row, diedAt: iso(row.diedAt), recordedAt: iso(row.recordedAt), acts: await actsOn(em, eventId) };
}

function matches({ ids, reason, since }: Selection): RawBuilder<unknown> {
  const all = [sql`consumer = ${sql.lit(CONSUMER)}`];
  if (ids) all.push(sql`event_id = any(${uuids(ids)}::uuid[])`);
  if (since) all.push(sql`at >= ${since.toISOString()}::timestamptz`);
  if (reason !== undefined) {
    const kind = reason === 'unclassified' ? 'unknown' : reason;
    all.push(sql`(code = ${reason} or class = ${kind} or fingerprint = ${reason} or position(lower(${reason}) in lower(reason)) > 0)`);
  }
  return sql.join(all, sql` and `);
}
