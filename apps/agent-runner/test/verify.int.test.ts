import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { asUsers, type ChainFault, chainHash, openOrm, verifyChains } from '@gatehouse/persistence';
import type { MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';
import { database } from '../src/database.js';
import { addDecisions } from '../src/decisions/decisions.js';
import { aUser } from './run.builder.js';

const CLI = fileURLToPath(new URL('./cli/main.js', import.meta.resolve('@gatehouse/messaging')));

interface Verdict {
  whole: boolean;
  reports: { users: number; rows: number; faultCount: number; faults: { userId: string; seq: number; fault: string; says: string }[] }[];
}

describe('the command "verify"', () => {
  let orm: MikroORM;
  /** Who owns the tables, and may do what the app may not. */
  const owner = new pg.Client({ connectionString: process.env.MIGRATION_DATABASE_URL });
  beforeAll(async () => {
    orm = await openOrm(database, process.env.DATABASE_URL ?? '');
    await owner.connect();
    await owner.query('alter table decision no force row level security; alter table decision_head no force row level security');
  });
  afterAll(async () => {
    await owner.end();
    await orm.close();
  });

  const tamper = (statement: string, values: unknown[]) => owner.query(statement, values);
  const erase = (userId: string) =>
    tamper('with gone as (delete from decision where user_id = $1) delete from decision_head where user_id = $1', [userId]);
  const verify = (...args: string[]): Promise<{ code: number; out: string; complained: string }> => {
    const env = { PATH: process.env.PATH, AGENT_RUNNER_DATABASE_URL: process.env.DATABASE_URL };
    return new Promise((done) => {
      execFile(process.execPath, [CLI, 'verify', ...args], { env }, (error, out, complained) =>
        done({ code: error ? Number(error.code) : 0, out, complained }),
      );
    });
  };
  const verdict = async (...args: string[]) => {
    const { code, out } = await verify('--json', ...args);
    return { code, ...(JSON.parse(out) as Verdict) };
  };
  /** A user with a chain of this many decisions. */
  async function aChain(length: number, userId = aUser()): Promise<string> {
    const decisions = Array.from({ length }, (_, at) => ({ userId, kind: 'tool.allowed' as const, data: { tool: `TOOL_${at + 1}` } }));
    await asUsers(orm.em, [userId], () => orm.em.transactional((em) => addDecisions(em, decisions)));
    return userId;
  }
  const faultsOf = async (userId: string) => {
    const faults: ChainFault[] = [];
    for await (const batch of verifyChains(orm.em, userId)) faults.push(...batch.faults);
    return faults.map(({ seq, fault, says }) => [seq, fault, says]);
  };

  it('finds one altered row in 10,000, and says whose and which', async () => {
    const users = await Promise.all(Array.from({ length: 10 }, () => aChain(1_000)));
    const sound = await verify();
    expect(sound).toMatchObject({ code: 0, out: 'agent-runner: 10000 decisions of 10 users, every chain holds.\n' });
    const victim = users[6] ?? '';
    await tamper(`update decision set data = replace(data, 'TOOL_617', 'TOOL_618') where user_id = $1 and seq = 617`, [victim]);
    expect(await verdict()).toMatchObject({
      code: 1,
      whole: false,
      reports: [{ users: 10, rows: 10_000, faultCount: 1, faults: [{ userId: victim, seq: 617, fault: 'altered row' }] }],
    });
    const { code, out } = await verify('--user', victim);
    expect([code, out]).toEqual([1, expect.stringContaining(`  ${victim}  617  altered row: what stands there is not what was written\n`)]);
    expect(await verify('--user', users[5] ?? '')).toMatchObject({ code: 0 });
    await erase(victim);
  });

  const rehash = `update decision d set hash = ${chainHash('d')} where user_id = $1`;
  it.each([
    ['a row deleted', 'delete from decision where user_id = $1 and seq = 5', 5, 'missing row', 'row 5 is missing'],
    ['the first rows deleted', 'delete from decision where user_id = $1 and seq < 4', 1, 'missing row', 'rows 1 to 3 are missing'],
    ['the tail cut', 'delete from decision where user_id = $1 and seq > 7', 8, 'cut tail', 'rows 8 to 9 are missing at the end'],
    ['all of it deleted', 'delete from decision where user_id = $1', 1, 'cut tail', 'rows 1 to 9 are missing at the end'],
    [
      'the tail cut and the head set back',
      'with gone as (delete from decision where user_id = $1 and seq > 7) update decision_head set seq = 7 where user_id = $1',
      ...[7, 'head altered', 'the head has another hash than the last row'],
    ],
    [
      'two rows in each other’s place',
      'update decision d set kind = e.kind, data = e.data from decision e where d.user_id = $1 and e.user_id = $1 and d.seq in (2, 6) and e.seq = 8 - d.seq',
      ...[2, 'altered row', 'what stands there is not what was written'],
    ],
    [
      'a time changed',
      `update decision set at = at - interval '1 s' where user_id = $1 and seq = 3`,
      3,
      'altered row',
      'what stands there is not what was written',
    ],
    [
      'the head’s number changed',
      'update decision_head set seq = 8 where user_id = $1',
      8,
      'head altered',
      'the head says that the last row is 8, and there is row 9',
    ],
    [
      'the head’s hash changed',
      `update decision_head set hash = '' where user_id = $1`,
      9,
      'head altered',
      'the head has another hash than the last row',
    ],
    [
      'rows said to be pruned',
      'update decision_head set pruned_seq = 2 where user_id = $1',
      1,
      'head altered',
      'the head says that all up to row 2 were pruned, and row 1 is there',
    ],
    [
      'the head deleted',
      'delete from decision_head where user_id = $1',
      9,
      'head altered',
      'there are 9 rows up to 9, and no head that says where they end',
    ],
  ])('finds %s', async (_, statement, ...fault) => {
    const userId = await aChain(9);
    await tamper(statement, [userId]);
    expect(await faultsOf(userId)).toContainEqual(fault);
    await erase(userId);
  });

  it('finds a row that was altered with its hash: the next one was written after another', async () => {
    const userId = await aChain(9);
    await tamper(`update decision set data = '{}' where user_id = $1 and seq = 4`, [userId]);
    await tamper(rehash, [userId]);
    expect(await faultsOf(userId)).toEqual([[5, 'foreign prev', 'what it was written after is not row 4 as it is now']]);
    await erase(userId);
  });

  it('finds nothing wrong where a user was erased, or their first decisions were pruned, and tells what it was asked wrongly', async () => {
    const [ana, ben] = [await aChain(9), await aChain(9)];
    await erase(ben);
    await tamper(
      `with gone as (delete from decision where user_id = $1 and seq <= 4 returning *)
        update decision_head set pruned_seq = 4, pruned_hash = (select hash from gone where seq = 4) where user_id = $1`,
      [ana],
    );
    expect(await verdict('--user', ana)).toMatchObject({ code: 0, reports: [{ rows: 5 }] });
    expect(await verify('--user', ben)).toMatchObject({ code: 0, out: `agent-runner: no decision of ${ben} is kept.\n` });
    expect(await verdict()).toMatchObject({ code: 0, whole: true });
    expect(await verify('--users')).toMatchObject({ code: 2, complained: expect.stringContaining('--users') });
  });
});
