import { randomUUID } from 'node:crypto';
import { type Running, startSystem } from '../stack.js';
import { approve, connect, type Run, runIn } from '../story/stage.js';
import { until } from '../until.js';

describe('when services are killed in the middle of their work', () => {
  let system: Running;
  beforeAll(async () => {
    system = await startSystem();
  }, 120_000);
  afterAll(() => system?.stop());

  it('gives every user one entity, whenever the consumer and its relay die', async () => {
    const { upstream, watcher, stack } = system;
    const users: string[] = [];
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 100; i++) {
        const userId = `usr_${randomUUID()}`;
        users.push(userId);
        await upstream.publish({ type: 'user.created', data: { userId, email: 'somebody@example.com' }, times: 2 });
        if (i === 50) stack.kill('connections');
      }
      await stack.restart('connections');
    }
    const told = () => watcher.of('entity.created').map(({ key }) => key);
    await until('an entity for each', () => new Set(told()).size >= users.length, 60);
    const ids = new Set(watcher.of('entity.created').map(({ headers }) => headers.ce_id));
    // A copy may be sent twice by a relay that died after the broker's answer; it is the same event.
    expect(ids.size).toBe(users.length);
    expect(new Set(told())).toEqual(new Set(users));
    expect(watcher.of('connections.dead-letters')).toEqual([]);
  }, 120_000);

  it('posts once, although the runner dies while a run waits, and after it was approved', async () => {
    const { ana, upstream, watcher, provider, stack } = system;
    await upstream.publish({ type: 'user.created', data: { userId: ana.id, email: ana.email } });
    await until('Ana is there', () => watcher.of('entity.created', ({ key }) => key === ana.id).length > 0);
    const { body: run } = await ana.post<Run>('/v1/runs', { input: "post 'once' to #general on Slack", apps: { required: ['slack'] } });
    await runIn(ana, run.id, 'parked', 'connection');
    stack.kill('agent-runner');
    await connect(system, ana, '/v1/connections', { app: 'slack' });
    await stack.restart('agent-runner');
    await approve(ana, run.id);
    stack.kill('agent-runner');
    await stack.restart('agent-runner');
    await until('the run ended', async () => (await ana.get<Run>(`/v1/runs/${run.id}`)).body.state === 'completed', 90);
    expect((await provider.effects()).filter(({ owner }) => owner === ana.id)).toHaveLength(1);
  }, 180_000);
});
