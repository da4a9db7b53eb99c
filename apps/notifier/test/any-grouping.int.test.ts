import { AgentRunBlocked, AgentRunResumed, ConnectionActivated, consumers } from '@gatehouse/contracts';
import { asUsers } from '@gatehouse/persistence';
import { History, oneByOne, regrouped, startApp, stepKinds, type TestApp } from '@gatehouse/testing';
import fc from 'fast-check';
import { sql } from 'kysely';
import { AppModule } from '../src/app.module.js';

const step = fc.record({ kind: fc.constantFrom(...stepKinds), user: fc.nat(2), nth: fc.constantFrom(0 as const, 1 as const) });

describe('however Kafka groups and mixes the same events', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp(AppModule);
  });
  afterAll(() => app.close());

  it('people are known alike, and asked for the same things', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 16 }), fc.integer(), async (steps, seed) => {
        const [plain, mixed] = [new History(steps), new History(steps)];
        await app.deliverAll(oneByOne(heard(plain)));
        await app.deliverAll(regrouped(heard(mixed), seed));
        expect(await tables(mixed)).toEqual(await tables(plain));
      }),
      { numRuns: 25, interruptAfterTimeLimit: 8000 },
    );
  });

  it.each(['together', 'one after the other'])(
    'a run that waits again has its message, also when it is heard late that it went on in between (%s)',
    async (how) => {
      const steps = (['request', 'block', 'resume', 'block'] as const).map((kind) => ({ kind, user: 0, nth: 0 as const }));
      const [plain, mixed] = [new History(steps), new History(steps)];
      const of = (type: string) => heard(mixed).filter(({ contract }) => contract.type === type);
      const blocks = of(AgentRunBlocked.type);
      await app.deliverAll(oneByOne(heard(plain)));
      await app.deliverAll(how === 'together' ? [{ contract: AgentRunBlocked as never, facts: blocks }] : oneByOne(blocks));
      await app.deliverAll(oneByOne([...of(AgentRunResumed.type), ...of(ConnectionActivated.type)]));
      const outcome = await tables(mixed);
      expect(outcome).toEqual(await tables(plain));
      expect(outcome).toMatchObject({ open: [expect.stringContaining('run.blocked')] });
    },
  );

  const heard = ({ facts }: History) => facts.filter(({ contract }) => consumers.notifier?.includes(contract));

  /** Contacts and what is open; a message that was settled may, in another order, never have been written. */
  async function tables(of: History): Promise<unknown> {
    const rows = (query: ReturnType<typeof sql>) =>
      asUsers(app.em, of.users, () =>
        app.em.transactional(async (em) => (await query.execute(em.getKysely())).rows.map((row) => of.named(row))),
      );
    const contacts = await rows(sql`select user_id, email, name from contact`);
    const open = await rows(
      sql`select user_id, kind, subject, app, account_id, state, facts - 'at' as facts from notification where state <> 'resolved'`,
    );
    const owed = await rows(sql`select n.subject, n.kind, d.channel, d.step from delivery d join notification n on n.id = d.notification_id
      where d.state = 'pending' and n.state <> 'resolved'`);
    const subjects = await rows(
      sql`select id, epoch, account_id, closed from subject where epoch >= 0 or closed or settled_at is not null`,
    );
    return { contacts: sorted(contacts), open: sorted(open), owed: sorted(owed), subjects: sorted(subjects) };
  }
  const sorted = (rows: unknown[]) => rows.map((row) => JSON.stringify(row)).sort();
});
