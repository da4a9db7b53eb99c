import type { EntityManager } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import { asSystem } from './session.js';

const USERS_A_BATCH = 1_000;
const ROWS_A_BATCH = 20_000;
/** Of one batch; where more is wrong, the first of it says enough. */
const FAULTS_A_BATCH = 1_000;

/**
 * The hash of a row of `decision`, in SQL: the SHA-256, in hex, of prev, user_id, seq, `at` in milliseconds since 1970, run_id or `-`, kind
 * and data, joined by line feeds. `row` is `new` in the trigger that appends, an alias where a chain is verified.
 */
export const chainHash = (row: string): string =>
  `encode(sha256(convert_to(concat_ws(e'\\n', ${row}.prev, ${row}.user_id, ${row}.seq, (extract(epoch from ${row}.at) * 1000)::bigint, coalesce(${row}.run_id::text, '-'), ${row}.kind, ${row}.data), 'UTF8')), 'hex')`;

/** Something that was done to a chain behind the app's back, and at which number. */
export interface ChainFault {
  readonly userId: string;
  readonly seq: number;
  readonly fault: 'altered row' | 'missing row' | 'foreign prev' | 'cut tail' | 'head altered';
  readonly says: string;
}

/** What a batch came to. `faultCount` is of all that is wrong with it, `faults` are the first 1,000. */
export interface ChainsChecked {
  readonly users: number;
  readonly rows: number;
  readonly faultCount: number;
  readonly faults: readonly ChainFault[];
}

/** Whether this database has a log of decisions at all. */
export async function hasChains(em: EntityManager): Promise<boolean> {
  const { rows } = await sql<{ has: boolean }>`select to_regclass('decision_head') is not null as has`.execute(em.getKysely());
  return rows[0]?.has === true;
}

/**
 * Computes the chains of `decision` anew and compares them with what is kept: of all users, or of one. Yields once a batch of users, about
 * 20,000 rows; each is one statement, so what the app appends, prunes or erases meanwhile is no fault. Rows that were pruned for their age
 * are vouched for by the head. It finds what somebody did who did not write all later hashes and the head anew.
 */
export async function* verifyChains(em: EntityManager, userId?: string): AsyncGenerator<ChainsChecked> {
  for (let after: string | null = ''; after !== null; ) {
    const { last, ...batch } = await system(em, (own) =>
      checkBatch(own, userId === undefined ? sql`user_id > ${after}` : sql`user_id = ${userId}`),
    );
    if (batch.users) yield batch;
    after = userId === undefined ? last : null;
  }
  const headless = await system(em, (own) => findHeadless(own, userId));
  if (headless.users) yield headless;
}

const system = <T>(em: EntityManager, work: (em: EntityManager) => Promise<T>): Promise<T> => asSystem(em, () => em.transactional(work));

const FAULTS = {
  altered: ['altered row', () => 'what stands there is not what was written'],
  missing: ['missing row', (seq, before) => `${gap(before + 1, seq - 1)} missing`],
  foreign: [
    'foreign prev',
    (_seq, before) => (before ? `what it was written after is not row ${before} as it is now` : 'it was not the first one'),
  ],
  cut: ['cut tail', (seq, before) => `${gap(before + 1, seq)} missing at the end`],
  pruned: ['head altered', (seq, before) => `the head says that all up to row ${before} were pruned, and row ${seq} is there`],
  behind: ['head altered', (seq, before) => `the head says that the last row is ${seq}, and there is row ${before}`],
  torn: ['head altered', () => 'the head has another hash than the last row'],
} satisfies Record<string, [ChainFault['fault'], (seq: number, before: number) => string]>;

interface Found {
  user_id: string;
  code: keyof typeof FAULTS;
  seq: number;
  /** What stands before it, or at the end of the chain, if anything does. */
  before: number;
}

async function checkBatch(em: EntityManager, which: ReturnType<typeof sql>): Promise<ChainsChecked & { last: string | null }> {
  const { rows } = await sql<{ users: number; rows: number; last: string | null; fault_count: number; faults: Found[] | null }>`
    with heads as (
      select user_id, seq, hash, pruned_seq, pruned_hash, row_number() over w as n, sum(seq::bigint - pruned_seq) over w as upto
      from (select * from decision_head where ${which} order by user_id limit ${USERS_A_BATCH}) h window w as (order by user_id)
    ), users as materialized (select * from heads where n = 1 or upto <= ${ROWS_A_BATCH}),
    kept as materialized (
      select d.user_id, d.seq, d.prev, d.hash, ${sql.raw(chainHash('d'))} = d.hash as whole,
        coalesce(lag(d.seq) over w, u.pruned_seq) as before, coalesce(lag(d.hash) over w, u.pruned_hash) as before_hash
      from users u join decision d on d.user_id = u.user_id window w as (partition by d.user_id order by d.seq)
    ), faults as (
      select k.user_id, f.code, k.seq, k.before from kept k cross join lateral (values
        ('altered', not k.whole), ('missing', k.seq > k.before + 1), ('pruned', k.seq <= k.before),
        ('foreign', k.seq = k.before + 1 and k.prev <> k.before_hash)) f(code, found) where f.found
      union all
      select u.user_id, case when e.seq < u.seq then 'cut' when e.seq > u.seq then 'behind' else 'torn' end, u.seq, e.seq
      from users u left join lateral (select seq, hash from decision d where d.user_id = u.user_id order by seq desc limit 1) l on true
        cross join lateral (select coalesce(l.seq, u.pruned_seq) as seq, coalesce(l.hash, u.pruned_hash) as hash) e
      where (e.seq, e.hash) <> (u.seq, u.hash)
    )
    select (select count(*)::int from users) as users, (select max(user_id) from users) as last, (select count(*)::int from kept) as rows,
      (select count(*)::int from faults) as fault_count,
      (select json_agg(f) from (select * from faults order by user_id, seq limit ${FAULTS_A_BATCH}) f) as faults
  `.execute(em.getKysely());
  const [found] = rows;
  if (!found) throw new Error('an aggregate without a row');
  return {
    users: found.users,
    rows: found.rows,
    last: found.last,
    faultCount: found.fault_count,
    faults: (found.faults ?? []).map(faultOf),
  };
}

/** Rows of users without a head: nothing says where their chain ends. */
async function findHeadless(em: EntityManager, userId: string | undefined): Promise<ChainsChecked> {
  const { rows } = await sql<{ user_id: string; seq: number; rows: number; users: number }>`
    select user_id, max(seq) as seq, count(*)::int as rows, count(*) over ()::int as users from decision d
    where ${userId === undefined ? sql`true` : sql`user_id = ${userId}`} and not exists (select from decision_head h where h.user_id = d.user_id)
    group by user_id order by user_id limit ${FAULTS_A_BATCH}`.execute(em.getKysely());
  const faults = rows.map((row) => ({
    userId: row.user_id,
    seq: row.seq,
    fault: 'head altered' as const,
    says: `there are ${row.rows} rows up to ${row.seq}, and no head that says where they end`,
  }));
  const users = rows[0]?.users ?? 0;
  return { users, rows: rows.reduce((sum, row) => sum + row.rows, 0), faultCount: users, faults };
}

function faultOf({ user_id: userId, code, seq, before }: Found): ChainFault {
  const [fault, says] = FAULTS[code];
  return { userId, seq: code === 'missing' || code === 'cut' ? before + 1 : seq, fault, says: says(seq, before) };
}

const gap = (from: number, to: number) => (from === to ? `row ${from} is` : `rows ${from} to ${to} are`);
