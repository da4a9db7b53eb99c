import { randomUUID } from 'node:crypto';
import { problem } from '@gatehouse/contracts';
import type { Answer } from '../person.js';
import { type Running, startSystem } from '../stack.js';
import { connect } from '../story/stage.js';
import { until } from '../until.js';

/** The answer is a problem as the contract says, with this status and code. */
function expectProblem({ status, headers, body }: Answer, expected: number, code: string): void {
  expect({ status, code: (body as { code?: string }).code }).toEqual({ status: expected, code });
  expect(headers.get('content-type')).toContain('application/problem+json');
  expect(problem.safeParse(body).error).toBeUndefined();
}

describe('when somebody sends what makes no sense, or is not theirs', () => {
  let system: Running;
  beforeAll(async () => {
    system = await startSystem();
    for (const { id: userId, email } of [system.ana, system.ben])
      await system.upstream.publish({ type: 'user.created', data: { userId, email } });
    await until('both are there', () => system.watcher.of('entity.created').length === 2);
  }, 120_000);
  afterAll(() => system?.stop());

  it('refuses an app that nobody knows', async () => {
    expectProblem(await system.ana.post('/v1/connections', { app: 'nosuchapp' }), 422, 'unknown_app');
  });

  it.each(['', 'default', 'a,b'])('takes no run for the user %j, and none for anybody but the signed-in user', async (userId) => {
    expectProblem(await system.ana.post('/v1/runs', { input: 'hello', userId }), 400, 'invalid_input');
    expectProblem(await system.ana.post('/v1/runs', { input: 'hello', userId: system.ben.id }), 400, 'invalid_input');
  });

  it('answers no gate question about somebody else', async () => {
    const asked = await system.ana.post('/v1/gate', { userId: system.ben.id, apps: { required: ['slack'] } });
    expectProblem(asked, 403, 'forbidden');
  });

  it('knows no run, connection or approval that is not theirs', async () => {
    const { body: run } = await system.ana.post<{ id: string }>('/v1/runs', { input: 'hello', apps: { required: ['slack'] } });
    expectProblem(await system.ben.get(`/v1/runs/${run.id}`), 404, 'not_found');
    expectProblem(await system.ben.post(`/v1/runs/${run.id}/cancel`), 404, 'not_found');
    expectProblem(await system.ben.get(`/v1/runs/${randomUUID()}`), 404, 'not_found');
    expectProblem(await system.ben.get(`/v1/connections/${randomUUID()}`), 404, 'not_found');
    expectProblem(await system.ben.post(`/v1/approvals/${randomUUID()}/decision`, { decision: 'approve' }), 404, 'not_found');
  });

  it('refuses a body of more than 256 kB', async () => {
    expectProblem(await system.ana.post('/v1/runs', { input: 'x'.repeat(300_000) }), 413, 'too_large');
  });

  it('lets nobody in who is not signed in', async () => {
    const answer = await fetch(`${system.gateway}/v1/runs`);
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ code: 'unauthenticated' });
  });

  it('lets nobody finish what another began, and activates nothing then', async () => {
    const { body: attempt } = await system.ana.post<{ id: string; connectUrl: string }>('/v1/connections', { app: 'slack' });
    const sessionUri = (await system.provider.consent(attempt.connectUrl)).searchParams.get('session_uri');
    expectProblem(await system.ben.post('/v1/connections/complete', { sessionUri }), 403, 'identity_mismatch');
    expectProblem(await system.ana.post('/v1/connections/complete', { sessionUri }), 410, 'connect_session_gone');
    expect((await system.ben.get<{ data: unknown[] }>('/v1/connections')).body.data).toEqual([]);
    expect(system.watcher.of('connection.activated')).toEqual([]);
  });

  it('takes a returned session once', async () => {
    const id = await connect(system, system.ben, '/v1/connections', { app: 'gmail' });
    expectProblem(await system.ben.post('/v1/connections/complete', { sessionUri: 'session_of_nobody' }), 410, 'connect_session_gone');
    expect((await system.ben.get(`/v1/connections/${id}`)).body).toMatchObject({ status: 'active' });
  });
});
