import { runIn } from '../story/stage.js';
import { type AgentStage, calls, openAgentStage, slackMessage } from './agent.js';
import { sideways, violations } from './axe.js';

describe('the pages of runs and approvals', () => {
  let stage: AgentStage;
  const places: Record<string, string> = { list: '/runs', approvals: '/approvals' };
  beforeAll(async () => {
    stage = await openAgentStage();
    const { ana } = stage;
    const ask = async (name: string, state: string, kind: string | undefined, ...rest: [string, object[]?, object?]) => {
      const id = await stage.ask(ana, rest[0], rest[1] as never, rest[2] as never);
      await runIn(ana, id, state, kind);
      places[name] = `/runs/${id}`;
      return id;
    };
    await ask('blocked', 'parked', 'connection', 'look', [{ content: 'x' }], { apps: { required: ['notion'] } });
    await ask('asking', 'parked', 'approval', 'post', [calls(slackMessage('may I?'))]);
    await ask('done', 'completed', undefined, 'list the channels in Slack');
    await ask('failed', 'failed', undefined, 'fail', [{ status: 400, body: {} }]);
    const stopped = await ask('stopped', 'parked', 'approval', 'post', [calls(slackMessage('stopped'))]);
    await ana.post(`/v1/runs/${stopped}/cancel`);
    await stage.fault('SLACK_SEND_MESSAGE', { reset: 'after' });
    const unknown = await ask('unconfirmed', 'parked', 'approval', 'post', [calls(slackMessage('?')), { content: 'Unknown.' }]);
    const waiting = await ana.get<{ data: { id: string }[] }>(`/v1/approvals?runId=${unknown}`);
    await ana.post(`/v1/approvals/${waiting.body.data[0]?.id}/decision`, { decision: 'approve' });
    await runIn(ana, unknown, 'completed');
  }, 150_000);
  afterAll(async () => stage?.stop());

  const LOOKS = [
    { theme: 'light', language: 'en' },
    { theme: 'light', language: 'de' },
    { theme: 'dark', language: 'en' },
    { theme: 'dark', language: 'de' },
    { theme: 'dark', language: 'en-XA' },
  ] as const;

  it.each(LOOKS)(
    'have no violation of WCAG 2.2 AA in %j, nor anything wider than a phone',
    async (look) => {
      const visitor = await stage.signedIn(stage.ana, { ...look, viewport: { width: 320, height: 700 } });
      const page = await visitor.open('/runs');
      const found: Record<string, unknown> = {};
      for (const [name, path] of Object.entries(places)) {
        await page.goto(path);
        await page.locator('[data-kind="queued"], main ul li, [data-approval]').first().waitFor();
        await page.locator('[aria-busy="true"]').waitFor({ state: 'detached' });
        if (name === 'done') for (const opener of await page.locator('[role="log"] button').all()) await opener.click();
        const wrong = [...(await violations(page)), ...((await sideways(page)) ? [`${await sideways(page)} pixels too wide`] : [])];
        if (wrong.length) found[name] = wrong;
      }
      expect(found).toEqual({});
      await visitor.leave();
    },
    60_000,
  );
});
