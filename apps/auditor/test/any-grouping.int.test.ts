import { consumers } from '@gatehouse/contracts';
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

  it('the same connections are watched, with the same accounts', async () => {
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

  const heard = ({ facts }: History) => facts.filter(({ contract }) => consumers.auditor?.includes(contract));

  /** A re-check that is owed is left out: a suspicion of an account that is not watched yet, or not any more, owes none. */
  async function tables(of: History): Promise<unknown> {
    const watched = await asUsers(app.em, of.users, () =>
      app.em.transactional(async (em) => {
        const query = sql`select id, user_id, app, state, case state when 'removed' then '' else account_id end as account,
          case state when 'removed' then 0 else epoch end as epoch from watched_connection`;
        return (await query.execute(em.getKysely())).rows.map((row) => of.named(row));
      }),
    );
    return sorted(watched);
  }
  const sorted = (rows: unknown[]) => rows.map((row) => JSON.stringify(row)).sort();
});
