import { UserDeleted } from '@gatehouse/contracts';
import { asUsers } from '@gatehouse/persistence';
import type { Agent, Agents } from '../src/agent/agents.js';
import { Decision } from '../src/decisions/decision.entity.js';
import { aUser } from './run.builder.js';
import { anAccount, calls, effectsOf, type Story, scripted, slackMessage, startStory } from './story.js';

const find = { name: 'SLACK_FIND_USERS', arguments: { search_query: 'ana' } };
const list = { name: 'SLACK_LIST_CHANNELS', arguments: {} };
const mail = { name: 'GMAIL_SEND_EMAIL', arguments: { recipient_email: 'boss@example.com', subject: 'Report', body: 'All is well.' } };

describe('when a user sets what their agents may do', () => {
  let story: Story;
  beforeAll(async () => {
    story = await startStory();
  });
  afterAll(() => story.close());

  const set = (userId: string, settings: Record<string, string>) =>
    story.as(userId).put('/v1/tools/settings', { settings: Object.entries(settings).map(([tool, setting]) => ({ tool, setting })) });
  const toolsOf = async (userId: string, query = '') => (await story.as(userId).get(`/v1/tools${query}`)).body.data as { tool: string }[];
  const toolOf = async (userId: string, name: string) => (await toolsOf(userId)).find(({ tool }) => tool === name);
  const decisionsOf = async (userId: string) => {
    const rows = await asUsers(story.em, [userId], () => story.em.find(Decision, { userId }, { orderBy: { seq: 'asc' } }));
    return rows.map(({ kind, data }): Record<string, unknown> => ({ kind, ...JSON.parse(data) }));
  };
  const activityOf = async (userId: string) => (await story.as(userId).get('/v1/activity')).body.data;

  async function run(userId: string, agent: string, ...turns: object[]) {
    const apps = agent === 'default' ? ['slack'] : ['gmail', 'github'];
    story.gate.let(userId, ...(await Promise.all(apps.map((app) => anAccount(userId, app)))));
    await scripted(userId, ...turns, { content: 'Done.' });
    const { body } = await story.as(userId).post('/v1/runs', { input: `go ${userId}`, agent, apps: { required: apps } });
    await story.work();
    return { id: body.id as string, read: async () => (await story.as(userId).get(`/v1/runs/${body.id}`)).body };
  }

  it('shows every tool with its default, its choices and what that user made of it', async () => {
    const [ana, ben] = [aUser(), aUser()];
    const read = { tool: 'SLACK_FIND_USERS', app: 'slack', class: 'read', title: 'Find people in Slack' };
    expect(await toolOf(ana, read.tool)).toEqual({ ...read, setting: 'allow', default: 'allow', choices: ['allow', 'ask', 'never'] });
    expect(await toolOf(ana, 'SLACK_SEND_MESSAGE')).toMatchObject({ setting: 'ask', default: 'ask', choices: ['ask', 'never'] });
    const changed = await set(ana, { [read.tool]: 'ask', SLACK_SEND_MESSAGE: 'never' });
    expect(changed).toMatchObject({ status: 200, body: { data: [{ ...read, setting: 'ask' }, { setting: 'never' }] } });
    expect(await toolOf(ana, read.tool)).toMatchObject({ setting: 'ask' });
    expect(await toolOf(ben, read.tool)).toMatchObject({ setting: 'allow' });
    expect((await toolsOf(ana, '?app=slack')).every(({ tool }) => tool.startsWith('SLACK_'))).toBe(true);
    expect((await story.anyone.get('/v1/tools')).status).toBe(401);
  });

  it('takes only what is stricter than the default, all of it or nothing, and writes down what changed', async () => {
    const userId = aUser();
    const refused = await set(userId, { SLACK_FIND_USERS: 'never', SLACK_SEND_MESSAGE: 'allow' });
    expect(refused).toMatchObject({ status: 422, body: { code: 'not_stricter' } });
    expect(await set(userId, { SLACK_DELETE_A_MESSAGE: 'allow' })).toMatchObject({ status: 422, body: { code: 'not_stricter' } });
    expect(await set(userId, { SLACK_FIND_USERS: 'never', SLACK_DO_ANYTHING: 'ask' })).toMatchObject({
      status: 422,
      body: { code: 'unknown_tool' },
    });
    const twice = [1, 2].map(() => ({ tool: 'SLACK_FIND_USERS', setting: 'ask' }));
    for (const body of [{ settings: twice }, { settings: [] }, { settings: [{ ...twice[0], userId: 'ben' }] }]) {
      expect((await story.as(userId).put('/v1/tools/settings', body)).status).toBe(400);
    }
    expect(await toolOf(userId, 'SLACK_FIND_USERS')).toMatchObject({ setting: 'allow' });
    expect(await decisionsOf(userId)).toEqual([]);

    await set(userId, { SLACK_FIND_USERS: 'never', SLACK_LIST_CHANNELS: 'ask' });
    await set(userId, { SLACK_FIND_USERS: 'allow', SLACK_LIST_CHANNELS: 'ask' });
    expect(await decisionsOf(userId)).toEqual([
      { kind: 'setting.changed', tool: 'SLACK_FIND_USERS', setting: 'never' },
      { kind: 'setting.changed', tool: 'SLACK_LIST_CHANNELS', setting: 'ask' },
      { kind: 'setting.changed', tool: 'SLACK_FIND_USERS', setting: 'allow' },
    ]);
  });

  it('asks before a read that they want to be asked about, and says that it is their own wish', async () => {
    const userId = aUser();
    await set(userId, { SLACK_LIST_CHANNELS: 'ask' });
    const { id, read } = await run(userId, 'default', calls(list));
    expect(await read()).toMatchObject({ state: 'parked', waitingFor: { kind: 'approval' } });
    const { body } = await story.as(userId).get(`/v1/approvals?runId=${id}`);
    expect(body.data).toMatchObject([{ tool: 'SLACK_LIST_CHANNELS', class: 'read', why: 'You chose to be asked before this.' }]);
  });

  it('asks before a write that they want to be asked about, though an operator marked it', async () => {
    const userId = aUser();
    await set(userId, { GMAIL_SEND_EMAIL: 'ask' });
    const { read } = await run(userId, 'reporter', calls(mail));
    expect(await read()).toMatchObject({ state: 'parked', waitingFor: { kind: 'approval' } });
    expect(await effectsOf(userId)).toEqual([]);
  });

  it('asks for, or does not offer, what the agent’s own file makes stricter', async () => {
    const { AGENTS } = await import('../src/agent/agents.js');
    const { policy } = story.app.get<Agents>(AGENTS).agents.get('default') as Agent;
    Object.assign(policy, { SLACK_LIST_CHANNELS: 'ask', SLACK_FIND_USERS: 'never' });
    try {
      const [asked, refused] = [aUser(), aUser()];
      const first = await run(asked, 'default', calls(list));
      expect(await first.read()).toMatchObject({ state: 'parked', waitingFor: { kind: 'approval' } });
      const { body } = await story.as(asked).get('/v1/approvals');
      expect(body.data).toMatchObject([{ why: 'This agent always asks before this.' }]);
      const second = await run(refused, 'default', calls(find));
      expect(await second.read()).toMatchObject({ state: 'completed', usage: { toolCalls: 0 } });
      expect(await activityOf(refused)).toMatchObject([{ tool: 'SLACK_FIND_USERS', state: 'refused', accountId: null }]); // not in its toolset
    } finally {
      for (const name of Object.keys(policy)) delete policy[name];
    }
  });

  it('does not offer what they never allow, and refuses it when the model calls it all the same', async () => {
    const userId = aUser();
    await set(userId, { SLACK_FIND_USERS: 'never' });
    const { id, read } = await run(userId, 'default', calls(find));
    expect(await read()).toMatchObject({ state: 'completed', usage: { toolCalls: 0 } });
    const { body } = await story.as(userId).get(`/v1/runs/${id}/timeline`);
    const [started] = body.data.filter(({ type }: { type: string }) => type === 'run.started');
    expect(started.data.tools).toContain('SLACK_LIST_CHANNELS');
    expect(started.data.tools).not.toContain('SLACK_FIND_USERS');
    expect(await activityOf(userId)).toMatchObject([{ tool: 'SLACK_FIND_USERS', state: 'refused', decision: 'refused', accountId: null }]);
    expect((await decisionsOf(userId)).at(-1)).toMatchObject({ kind: 'tool.refused', tool: 'SLACK_FIND_USERS', code: 'setting' });
  });

  it('refuses what they forbid while the run is at work', async () => {
    const userId = aUser();
    const { CallTool } = await import('../src/tools/call-tool.js');
    const callTool = story.app.get(CallTool) as unknown as { composio: { executeTool: (...args: unknown[]) => Promise<unknown> } };
    const { composio } = callTool;
    callTool.composio = {
      executeTool: async (...args) => {
        await set(userId, { SLACK_FIND_USERS: 'never', SLACK_SEND_MESSAGE: 'never' });
        return composio.executeTool(...args);
      },
    };
    const { read } = await run(userId, 'default', calls(list), calls(find), calls(slackMessage('hello'))).finally(() => {
      callTool.composio = composio;
    });
    expect(await read()).toMatchObject({ state: 'completed', usage: { toolCalls: 1 } });
    expect((await decisionsOf(userId)).filter(({ kind }) => kind === 'tool.refused')).toMatchObject([
      { tool: 'SLACK_FIND_USERS', code: 'setting' },
      { tool: 'SLACK_SEND_MESSAGE', code: 'setting' },
    ]);
    expect(await activityOf(userId)).toMatchObject([
      { tool: 'SLACK_SEND_MESSAGE', app: 'slack', class: 'write', state: 'refused' },
      { tool: 'SLACK_FIND_USERS', app: 'slack', class: 'read', state: 'refused' },
      { tool: 'SLACK_LIST_CHANNELS', state: 'done' },
    ]);
  });

  it('ends a run that keeps calling what it may not', async () => {
    const userId = aUser();
    const turns = Array.from({ length: 30 }, () => calls({ name: 'SLACK_DO_ANYTHING', arguments: {} }));
    const { read } = await run(userId, 'default', ...turns);
    expect(await read()).toMatchObject({ state: 'failed', error: { code: 'limit_reached' } });
    expect((await decisionsOf(userId)).at(-1)).toMatchObject({ kind: 'run.refused', code: 'limit_reached' });
  });

  it('keeps nothing for a user who is gone', async () => {
    const userId = aUser();
    await set(userId, { SLACK_FIND_USERS: 'never' });
    await story.deliver(UserDeleted, { userId });
    await story.forgetting.tick();
    expect(await set(userId, { SLACK_FIND_USERS: 'ask' })).toMatchObject({ status: 409, body: { code: 'user_deleted' } });
    expect(await toolOf(userId, 'SLACK_FIND_USERS')).toMatchObject({ setting: 'allow' });
    expect(await decisionsOf(userId)).toEqual([]);
  });
});
