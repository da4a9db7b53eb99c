import { randomUUID } from 'node:crypto';
import { consumers } from '@gatehouse/contracts';
import { asUsers } from '@gatehouse/persistence';
import { History, oneByOne, regrouped, stepKinds } from '@gatehouse/testing';
import fc from 'fast-check';
import { sql } from 'kysely';
import { Approval } from '../src/approvals/approval.entity.js';
import { aRun } from './run.builder.js';
import { type Story, startStory } from './story.js';

const step = fc.record({ kind: fc.constantFrom(...stepKinds), user: fc.nat(2), nth: fc.constantFrom(0 as const, 1 as const) });
const inAWeek = new Date(Date.now() + 7 * 86_400_000);

describe('however Kafka groups and mixes the same events', () => {
  let app: Story;
  beforeAll(async () => {
    app = await startStory();
  });
  afterAll(() => app.close());

  it('the same runs wait, go on and end, and lanes count them alike', async () => {
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

  const heard = ({ facts }: History) => facts.filter(({ contract }) => consumers['agent-runner']?.includes(contract));

  /** For each connection a run that waits for its app to be connected, and one that waits for an approval bound to it. */
  async function begin({ connections, names }: History): Promise<void> {
    for (const { connectionId, userId, app: name, accountId } of connections) {
      const blockers = [
        { app: name, state: 'not_connected' as const, message: 'Please connect.', connectUrl: 'http://localhost:3000/settings' },
      ];
      const waiting = aRun({ userId, state: 'parked', waitingFor: 'connection', blockers, waitsUntil: inAWeek, runAt: inAWeek });
      const asking = aRun({ userId, state: 'parked', waitingFor: 'approval', waitsUntil: inAWeek, runAt: inAWeek });
      const about = { userId, app: name, connectionId, accountId, tool: 'SLACK_SEND_MESSAGE', toolCallId: 'call_1', runId: asking.id };
      const words = { class: 'write', summary: 'Send', why: 'asked', arguments: {}, argsHash: '', state: 'waiting', expiresAt: inAWeek };
      await app.save(waiting);
      await app.save(asking);
      await app.save(Object.assign(new Approval(), { id: randomUUID(), ...about, ...words }));
      const link = names.get(connectionId);
      names.set(waiting.id, `waits for ${link}`).set(asking.id, `asks for ${link}`);
    }
  }

  /** Of a deleted user nothing is left to do; whether a request came before or after decides if there is a row. */
  async function tables(of: History): Promise<unknown> {
    const rows = (query: ReturnType<typeof sql>) =>
      asUsers(app.em, of.users, () =>
        app.em.transactional(async (em) => (await query.execute(em.getKysely())).rows.map((row) => of.named(row))),
      );
    const gone = sql`exists (select from user_tombstone t where t.id = user_id)`;
    const live = sql`state not in ('completed', 'failed', 'cancelled')`;
    const runs = await rows(sql`select id, user_id, state, waiting_for from run where ${live} or not ${gone}`);
    const lanes = await rows(sql`select user_id, ready, running from user_lane where ready <> 0 or running <> 0`);
    const approvals = await rows(sql`select connection_id, state from approval`);
    return { runs: sorted(runs), lanes: sorted(lanes), approvals: sorted(approvals) };
  }
  const sorted = (rows: unknown[]) => rows.map((row) => JSON.stringify(row)).sort();
});
