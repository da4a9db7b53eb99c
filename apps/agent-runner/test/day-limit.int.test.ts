import { randomUUID } from 'node:crypto';
import { AgentRunFailed, AgentRunRequested } from '@gatehouse/contracts';
import { asUsers } from '@gatehouse/persistence';
import { sql } from 'kysely';
import { Decision } from '../src/decisions/decision.entity.js';
import { aUser } from './run.builder.js';
import { type Story, startStory } from './story.js';

describe('when a user has had RUNS_PER_DAY (200) runs in a day', () => {
  let story: Story;
  beforeAll(async () => {
    story = await startStory();
  });
  afterAll(() => story.close());

  it('refuses the next one in words, whoever asks for it, spends nothing on it, and writes that down', async () => {
    const userId = aUser();
    await asUsers(story.em, [userId], () =>
      story.em.transactional((em) =>
        sql`insert into run (id, user_id, agent, input, apps, origin, request_hash, state, finished_at)
        select gen_random_uuid(), ${userId}, 'default', 'x', '{"required":[],"optional":[]}', 'person', '', 'completed', now() from generate_series(1, 200)
      `.execute(em.getKysely()),
      ),
    );
    const refused = await story.as(userId).post('/v1/runs', { input: 'one more' });
    expect(refused).toMatchObject({ status: 429, body: { code: 'limit_reached', detail: '200 runs a day is the limit.' } });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);

    const runId = randomUUID();
    const apps = { required: [], optional: [] };
    await story.deliver(AgentRunRequested, { runId, userId, input: 'one more', apps, origin: 'service' });
    await story.work();
    const [failed] = (await story.told(AgentRunFailed)).filter((told) => told.runId === runId);
    expect(failed).toMatchObject({ error: { code: 'limit_reached' }, usage: { toolCalls: 0, tokens: 0 } });
    expect(story.gate.asked).not.toContain(userId);

    const decisions = await asUsers(story.em, [userId], () => story.em.find(Decision, { userId }, { orderBy: { seq: 'asc' } }));
    expect(decisions.map((row) => [row.kind, row.runId, JSON.parse(row.data).code])).toEqual([
      ['run.refused', null, 'limit_reached'],
      ['run.refused', runId, 'limit_reached'],
    ]);
  });
});
