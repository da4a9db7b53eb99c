import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import pg from 'pg';
import { asSystem, asUsers, inOneTrip } from '../src/index.js';
import { Note, startProbe } from './probe.js';

describe('a statement that is a whole transaction', () => {
  let probe: Awaited<ReturnType<typeof startProbe>>;
  const ana = `ana-${randomUUID()}`;
  const ben = `ben-${randomUUID()}`;
  const write = (userId: string, text: string) =>
    sql<{ id: string }>`insert into note (id, user_id, text) values (${randomUUID()}, ${userId}, ${text}) returning id`;
  const notesOf = (userId: string) =>
    asUsers(probe.em, [userId], async () => (await probe.em.find(Note, { userId })).map(({ text }) => text).sort());

  beforeAll(async () => {
    await waitForTheDisk();
    probe = await startProbe({ pool: 2 });
  });

  /** As in production; the databases of tests do not. */
  async function waitForTheDisk(): Promise<void> {
    const owner = new pg.Client({ connectionString: process.env.MIGRATION_DATABASE_URL });
    await owner.connect();
    await owner.query(`alter database ${pg.escapeIdentifier(owner.database ?? '')} set synchronous_commit = on`);
    await owner.end();
  }

  it('is committed when it answers, and sees and writes the rows of its session alone', async () => {
    await asUsers(probe.em, [ana], () => inOneTrip(probe.em, write(ana, 'mine')));
    expect(await notesOf(ana)).toEqual(['mine']);
    await expect(asUsers(probe.em, [ana], () => inOneTrip(probe.em, write(ben, 'not mine')))).rejects.toThrow(/row-level security/);
    expect(await notesOf(ben)).toEqual([]);
    const texts = sql<{ text: string }>`select text from note where user_id in (${ana}, ${ben})`;
    expect(await asUsers(probe.em, [ben], () => inOneTrip(probe.em, texts, { readOnly: true }))).toEqual([]);
  });

  it('that fails leaves nothing, and its connection good for the next one', async () => {
    const failing = sql<object>`with w as (${write(ana, 'gone')}) select 1 / (select count(*) from w where false)`;
    for (let times = 0; times < 3; times++) {
      await expect(asUsers(probe.em, [ana], () => inOneTrip(probe.em, failing))).rejects.toThrow('division by zero');
    }
    expect(await notesOf(ana)).toEqual(['mine']);
  });

  it('writes nothing when it only reads', async () => {
    const work = asUsers(probe.em, [ana], () => inOneTrip(probe.em, write(ana, 'no'), { readOnly: true }));
    await expect(work).rejects.toThrow(/read-only transaction/);
  });

  it('waits for the disk unless it is unhurried, and one that is leaves no trace on its connection', async () => {
    const setting = sql<{ it: string }>`select current_setting('synchronous_commit') as it`;
    const asked = (unhurried: boolean) => asSystem(probe.em, () => inOneTrip(probe.em, setting, { unhurried }));
    for (let times = 0; times < 3; times++) expect(await asked(true)).toEqual([{ it: 'off' }]);
    for (let times = 0; times < 3; times++) expect(await asked(false)).toEqual([{ it: 'on' }]);
  });

  it('is refused without a session, and within a transaction, to which it would not belong', async () => {
    await expect(inOneTrip(probe.em.fork(), sql<object>`select 1`)).rejects.toThrow('outside asUsers and asSystem');
    const within = asUsers(probe.em, [ana], () => probe.em.transactional(() => inOneTrip(probe.em, sql<object>`select 1`)));
    await expect(within).rejects.toThrow('a transaction is open');
  });
});
