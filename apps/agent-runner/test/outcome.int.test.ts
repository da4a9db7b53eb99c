import type { ApprovalView } from '@gatehouse/contracts';
import { sandboxControl } from '@gatehouse/testing';
import { aUser } from './run.builder.js';
import { anAccount, calls, effectsOf, type Story, scripted, startStory } from './story.js';

const mail = { name: 'GMAIL_SEND_EMAIL', arguments: { recipient_email: 'boss@example.com', subject: 'Report', body: 'All is well.' } };
const issue = (title: string) => ({ name: 'GITHUB_CREATE_AN_ISSUE', arguments: { owner: 'acme', repo: 'site', title } });

describe('when nobody knows whether a write happened', () => {
  let story: Story;
  beforeAll(async () => {
    story = await startStory();
  });
  afterAll(() => story.close());

  it('its user says so once; nothing is sent for it, and the agent’s other writes are free again', async () => {
    const userId = aUser();
    story.gate.let(userId, ...(await Promise.all(['gmail', 'github'].map((app) => anAccount(userId, app)))));
    await sandboxControl.post('faults', { match: { tool: 'GMAIL_SEND_EMAIL', owner: userId }, effect: { status: 502 }, times: 1 });
    await scripted(userId, calls(mail), calls(issue('one')), calls(issue('two')), { content: 'Reported.' });
    const apps = { required: ['gmail', 'github'] };
    const { body: run } = await story.as(userId).post('/v1/runs', { input: `report ${userId}`, agent: 'reporter', apps });
    await story.work();

    const approvals = async () => (await story.as(userId).get('/v1/approvals')).body.data as ApprovalView[];
    const [asked] = await approvals();
    expect(asked?.why).toBe('It is not known whether an earlier action of this run happened.');
    const { body } = await story.as(userId).get('/v1/activity');
    const [unknown] = body.data;
    expect(unknown).toMatchObject({ tool: 'GMAIL_SEND_EMAIL', state: 'unknown', happened: null });

    const path = `/v1/runs/${run.id}/calls/${unknown.toolCallId}/outcome`;
    expect((await story.as(aUser()).post(path, { happened: true })).status).toBe(404);
    expect((await story.as(userId).post(path, { happened: 'yes' })).status).toBe(400);
    expect(await story.as(userId).post(path, { happened: false })).toMatchObject({
      status: 200,
      body: { state: 'unknown', happened: false },
    });
    expect(await story.as(userId).post(path, { happened: true })).toMatchObject({ status: 409, body: { code: 'outcome_known' } });

    await story.as(userId).post(`/v1/approvals/${asked?.id}/decision`, { decision: 'approve' });
    await story.work();
    expect((await story.as(userId).get(`/v1/runs/${run.id}`)).body).toMatchObject({ state: 'completed' });
    expect(await approvals()).toEqual([]);
    expect((await effectsOf(userId)).map((effect) => effect.arguments.title)).toEqual(['one', 'two']);
    const { count } = await sandboxControl.get<{ count: number }>(`requests?tool=GMAIL_SEND_EMAIL&accountOwner=${userId}`);
    expect(count).toBe(1);
    const [{ toolCallId }] = (await story.as(userId).get('/v1/activity')).body.data;
    const known = await story.as(userId).post(`/v1/runs/${run.id}/calls/${toolCallId}/outcome`, { happened: false });
    expect(known).toMatchObject({ status: 409, body: { code: 'outcome_known' } });
  });
});
