import { Transactional } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { type LeasedShard, LeaseShards } from '../sweep/lease-shards.js';
import { type Finding, ReadAccount, type Watched } from '../watch/read-account.js';
import type { Difference } from './judge-account.js';
import { NoteDrift } from './note-drift.js';

/** Ranges of the watch list by hash of the user: so many replicas can share it. */
export const MIRROR_SHARDS = 4;
const ROWS = 200;
const READS_A_STEP = 10;
/** More that Composio's list does not have are one fault (the key of another project?), and not proven one by one. */
const READS_A_REPORT = 1000;

interface Row extends Watched {
  app: string;
  seen: boolean;
}
interface Step {
  rows: Row[];
  done: boolean;
  reads: number;
}

@Injectable()
export class ProveMissing {
  constructor(
    private readonly em: EntityManager,
    private readonly shards: LeaseShards,
    private readonly readAccount: ReadAccount,
    private readonly noteDrift: NoteDrift,
  ) {}

  /** A piece of the watch list: what Composio's list did not have is read directly, for that alone proves it. Null: nothing is left of this shard for us. */
  async execute(leased: LeasedShard): Promise<{ leased: LeasedShard | null; calls: number }> {
    const step = await this.next(leased);
    const found: Difference[] = [];
    let unproven = 0;
    let calls = 0;
    for (const row of step.rows.filter(({ seen }) => !seen)) {
      if (step.reads + calls >= READS_A_REPORT) {
        unproven += 1;
        continue;
      }
      calls += 1;
      const finding = await this.readAccount.execute(row, 'reconciliation');
      if (finding.is === 'unreadable') unproven += 1;
      found.push(...differences(row, finding));
    }
    return { leased: await this.remember(leased, step, found, { calls, unproven }), calls };
  }

  @Transactional()
  async next({ shard, cursor, periodStart }: LeasedShard): Promise<Step> {
    const [userId, id] = cursor ? (JSON.parse(cursor) as [string, string]) : ['', '00000000-0000-0000-0000-000000000000'];
    const [, nth] = shard.split('/');
    const { rows } = await sql<Row>`
      select w.id, w.user_id as "userId", w.account_id as "accountId", w.app, coalesce(w.checked_at >= c.opened_at, false) as seen
      from watched_connection w, cycle c where c.kind = 'reconciliation' and c.period_start = ${periodStart}::timestamptz and w.state = 'active'
        and (hashtext(w.user_id) & ${MIRROR_SHARDS - 1}) = ${Number(nth)} and (w.user_id, w.id) > (${userId}, ${id}::uuid)
      order by w.user_id, w.id limit ${ROWS}`.execute(this.em.getKysely());
    const { rows: counted } = await sql<{ reads: number }>`
      select coalesce((select calls - (select pages from shard where kind = 'reconciliation' and period_start = r.period_start and shard = 'list')
        from drift_report r where period_start = ${periodStart}::timestamptz), 0) as reads`.execute(this.em.getKysely());
    return upTo(rows, counted[0]?.reads ?? 0);
  }

  @Transactional()
  async remember(
    leased: LeasedShard,
    { rows, done }: Step,
    found: Difference[],
    counts: { calls: number; unproven: number },
  ): Promise<LeasedShard | null> {
    const last = rows.at(-1);
    const cursor = last ? JSON.stringify([last.userId, last.id]) : leased.cursor;
    if (!(await this.shards.advance(leased, cursor, done))) return null;
    await this.noteDrift.execute(leased.periodStart, found, { connections: rows.length, ...counts });
    return done ? null : { ...leased, cursor };
  }
}

/** Not more rows than can be dealt with within a lease: each that was not seen costs a read. */
function upTo(rows: Row[], reads: number): Step {
  const unseen = rows.flatMap(({ seen }, index) => (seen ? [] : [index]));
  const cut = reads < READS_A_REPORT ? unseen[READS_A_STEP] : undefined;
  return cut === undefined ? { rows, done: rows.length < ROWS, reads } : { rows: rows.slice(0, cut), done: false, reads };
}

function differences({ id, userId, accountId, app }: Row, finding: Finding): Difference[] {
  const one = { accountId, connectionId: id, userId, app };
  if (finding.is === 'gone') return [{ ...one, kind: 'missing', says: 'active here, deleted at Composio', curable: true }];
  if (finding.is === 'foreign') return [{ ...one, kind: 'wrong_owner', says: 'Composio names another owner', curable: true }];
  if (finding.is === 'broken')
    return [
      { ...one, kind: 'wrong_status', says: `active here, ${finding.status} at Composio: ${finding.reason}`.slice(0, 500), curable: true },
    ];
  if (finding.is === 'odd') return [{ ...one, kind: 'wrong_status', says: `active here, ${finding.status} at Composio`, curable: false }];
  return [];
}
