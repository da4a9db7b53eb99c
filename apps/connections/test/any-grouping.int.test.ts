import { randomUUID } from 'node:crypto';
import { consumers, EntityCreated } from '@gatehouse/contracts';
import { asUsers } from '@gatehouse/persistence';
import { History, oneByOne, regrouped, startApp, stepKinds, type TestApp } from '@gatehouse/testing';
import fc from 'fast-check';
import { sql } from 'kysely';
import { AppModule } from '../src/app.module.js';
import { Account } from '../src/connections/account.entity.js';
import { Connection } from '../src/connections/connection.entity.js';

const step = fc.record({ kind: fc.constantFrom(...stepKinds), user: fc.nat(2), nth: fc.constantFrom(0 as const, 1 as const) });

describe('however Kafka groups and mixes the same events', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp(AppModule);
  });
  afterAll(() => app.close());

  it('the same entities exist, and the same connections are broken or gone', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 16 }), fc.integer(), async (steps, seed) => {
        const [plain, mixed] = [new History(steps), new History(steps)];
        await begin(plain);
        await begin(mixed);
        await app.deliverAll(oneByOne(heard(plain)));
        await app.deliverAll(regrouped(heard(mixed), seed));
        expect(await tables(mixed)).toEqual(await tables(plain));
      }),
      { numRuns: 25, interruptAfterTimeLimit: 8000 },
    );
  });

  const heard = ({ facts }: History) => facts.filter(({ contract }) => consumers.connections?.includes(contract));

  /** All connections are there and active; every second one has its account at Composio. */
  async function begin({ connections }: History): Promise<void> {
    for (const [n, { connectionId, userId, app: name, accountId }] of connections.entries()) {
      await app.save(
        Object.assign(new Connection(), { id: connectionId, userId, app: name, accountId, state: 'active', connectedAt: new Date() }),
      );
      if (n % 2) continue;
      const account = { id: randomUUID(), connectionId, userId, app: name, accountId, state: 'active', expiresAt: new Date() };
      await app.save(Object.assign(new Account(), account));
    }
  }

  async function tables(of: History): Promise<unknown> {
    const rows = (query: ReturnType<typeof sql>) =>
      asUsers(app.em, of.users, () =>
        app.em.transactional(async (em) => (await query.execute(em.getKysely())).rows.map((row) => of.named(row))),
      );
    const entities = await rows(sql`select user_id, deleted_at is not null as deleted from composio_entity`);
    const connections =
      await rows(sql`select id, state, account_id, epoch, case when state in ('removing', 'removed') then '' else provider_status end as status
      from connection`);
    const accounts = await rows(sql`select connection_id, state, account_id, revoke, work_at is not null as owed from account`);
    const gone = entities.filter((row) => (row as { deleted: boolean }).deleted).map((row) => (row as { user_id: string }).user_id);
    const told = (await app.told(EntityCreated))
      .map((data) => of.named(data))
      .filter((data) => /^user/.test((data as { userId: string }).userId));
    // Whether a user who is deleted was made known before depends on which came first.
    const kept = told.filter((data) => !gone.includes((data as { userId: string }).userId));
    return { entities: sorted(entities), connections: sorted(connections), accounts: sorted(accounts), told: sorted(kept) };
  }
  const sorted = (rows: unknown[]) => rows.map((row) => JSON.stringify(row)).sort();
});
