import type { Page } from 'playwright-core';
import { connect, runIn } from '../story/stage.js';
import { until } from '../until.js';
import { type AgentStage, calls, openAgentStage, shownEvents, slackMessage, storedEvents } from './agent.js';
import { sideways } from './axe.js';
import type { Visitor } from './visitor.js';

describe('a run in the browser', () => {
  let stage: AgentStage;
  let ana: Visitor;
  beforeAll(async () => {
    stage = await openAgentStage();
    ana = await stage.signedIn(stage.ana);
  }, 120_000);
  afterAll(async () => {
    await ana?.leave();
    await stage?.stop();
  });

  const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { name });
  const send = (page: Page) => page.getByRole('button', { name: 'Send', exact: true });
  const state = (page: Page, words: string) => page.locator('[data-over-content]').getByText(words).waitFor();

  it('is asked for, waits for an app, goes on by itself once that is connected, asks, and is done', async () => {
    const { ben } = stage;
    await stage.upstream.publish({ type: 'user.created', data: { userId: ben.id, email: ben.email } });
    await until('he is known', () => stage.watcher.of('entity.created', ({ key }) => key === ben.id).length > 0);
    const visitor = await stage.signedIn(ben);
    const page = await visitor.open('/runs');
    await page.getByLabel('What should it do?').fill("Post 'Hello from Ben' to #general on Slack");
    await page.getByRole('checkbox', { name: 'Slack' }).check();
    await page.getByRole('button', { name: 'Start' }).click();

    await heading(page, 'Connect Slack to continue.').waitFor();
    await page.getByRole('button', { name: 'Connect Slack' }).click();
    const popup = page.waitForEvent('popup');
    await page.getByRole('dialog').getByRole('button', { name: 'Continue' }).click();
    await (await popup).getByRole('link', { name: /Continue/ }).click();
    await (await popup).getByRole('button', { name: 'Allow' }).click();

    await heading(page, 'Send a message with Slack?').waitFor();
    await page.getByText('#general', { exact: true }).waitFor();
    expect(await stage.done(ben, 'Hello from Ben')).toBe(0);
    await send(page).click();
    await page.getByText(/^You approved this at/).waitFor();
    await heading(page, 'Answer').waitFor();
    await state(page, 'Done');
    expect(await stage.done(ben, 'Hello from Ben')).toBe(1);
    const line = page.getByRole('button', { name: /^Send a message with Slack .* done/ });
    await line.click();
    await page.getByText('from Slack, not verified', { exact: true }).waitFor();
    await visitor.leave();
  });

  it('goes on after connecting, also if its page was closed', async () => {
    const id = await stage.ask(stage.ana, 'list the issues in acme/shop', [{ content: 'Nothing to do.' }], {
      apps: { required: ['github'] },
    });
    const page = await ana.open(`/runs/${id}`);
    await heading(page, 'Connect GitHub to continue.').waitFor();
    await page.close();
    await connect(stage, stage.ana, '/v1/connections', { app: 'github' });
    await runIn(stage.ana, id, 'completed');
    const later = await ana.open(`/runs/${id}`);
    await state(later, 'Done');
    await later.getByText('Nothing to do.').waitFor();
    await later.close();
  });

  it('shows each event once, however often the network drops and the page is read again', async () => {
    const steps = Array.from({ length: 8 }, () => ({ ...calls({ name: 'SLACK_LIST_CHANNELS', arguments: {} }), delayMs: 500 }));
    const id = await stage.ask(stage.ana, 'look at the channels', [...steps, { content: 'Seen them all.' }]);
    const page = await ana.open(`/runs/${id}`);
    await page.locator('[data-kind="started"]').waitFor();
    for (let drop = 0; drop < 5; drop++) {
      const before = (await shownEvents(page)).length;
      await ana.context.setOffline(true);
      await ana.context.setOffline(false);
      if (drop === 2) await page.reload();
      await until(
        'a new line',
        async () => (await shownEvents(page)).length > before || (await page.locator('[data-kind="completed"]').count()),
      );
    }
    await page.locator('[data-kind="completed"]').waitFor();
    const stored = await storedEvents(stage.ana, id);
    const shown = await shownEvents(page);
    expect(shown.toSorted((one, other) => one - other)).toEqual(stored);
    await page.reload();
    await page.locator('[data-kind="completed"]').waitFor();
    expect(await shownEvents(page)).toEqual(shown);
    await page.close();
  });

  it('is shown in a tab too many for a stream of its own, too', async () => {
    const other = new AbortController();
    const headers = { authorization: `Bearer ${await stage.issuer.token(stage.ana.id)}` };
    const open = () => fetch(`${stage.gateway}/v1/stream`, { headers, signal: other.signal });
    const streams = await Promise.all(Array.from({ length: 5 }, open));
    expect(streams.map(({ status }) => status)).toContain(200);
    const id = await stage.ask(stage.ana, 'look', [calls({ name: 'SLACK_LIST_CHANNELS', arguments: {} }), { content: 'Looked.' }]);
    const page = await ana.open(`/runs/${id}`);
    await page.locator('[data-kind="completed"]').waitFor();
    await state(page, 'Done');
    await page.goto('/runs');
    await page.locator(`a[href="/runs/${id}"]`).waitFor();
    const next = await stage.ask(stage.ana, 'look again', [{ content: 'Looked.' }]);
    await page.locator(`a[href="/runs/${next}"]`).waitFor();
    other.abort();
    await page.close();
  });

  it('shows what is being said as it comes, without telling it to screen readers before it is finished', async () => {
    const words = Array.from({ length: 40 }, (_, index) => `word${index}`).join(' ');
    const id = await stage.ask(stage.ana, 'talk', [{ content: words, pieceDelayMs: 60, delayMs: 500 }]);
    const page = await ana.open(`/runs/${id}`);
    const speaking = page.locator('[data-speaking]');
    await speaking.getByText('word3').waitFor();
    expect(await speaking.evaluate((element) => element.closest('[aria-live="polite"], [role="status"], [role="alert"]'))).toBeNull();
    expect(await speaking.getAttribute('aria-hidden')).toBe('true');
    await state(page, 'Done');
    expect(await speaking.count()).toBe(0);
    await page.getByText('word39').waitFor();
    await page.close();
  });

  it('is stopped by keyboard alone, and says what was done and what was not', async () => {
    const id = await stage.ask(stage.ana, 'post', [calls(slackMessage('never posted'))]);
    const page = await ana.open(`/runs/${id}`);
    await heading(page, 'Send a message with Slack?').waitFor();
    const stop = page.getByRole('button', { name: 'Stop' });
    for (let press = 0; press < 40 && !(await stop.evaluate((button) => button === document.activeElement)); press++)
      await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('Stopped. Nothing was changed. Not done: 1 action.').waitFor();
    await page.getByRole('button', { name: 'Run again' }).waitFor();
    await page.getByText('This is no longer needed.').waitFor();
    expect(await stage.done(stage.ana, 'never posted')).toBe(0);
    await page.close();
  });

  it('is stopped while it works: nothing new is begun', async () => {
    const id = await stage.ask(stage.ana, 'look', [
      calls({ name: 'SLACK_LIST_CHANNELS', arguments: {} }),
      { ...calls({ name: 'SLACK_LIST_CHANNELS', arguments: {} }), delayMs: 3_000 },
    ]);
    const page = await ana.open(`/runs/${id}`);
    await page.locator('[data-kind="call"]').getByText('done').waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText('Stopped. Nothing was changed.').waitFor();
    expect(await page.locator('[data-kind="call"]').count()).toBe(1);
    await page.close();
  });

  it('says what nobody could confirm, and sends nothing again', async () => {
    await stage.fault('SLACK_SEND_MESSAGE', { reset: 'after' });
    const id = await stage.ask(stage.ana, 'post', [calls(slackMessage('sent or not')), { content: 'I do not know.' }]);
    const page = await ana.open(`/runs/${id}`);
    await send(page).click();
    const card = page.locator('[data-unconfirmed]');
    await card.getByRole('heading', { name: 'We couldn’t confirm this: Send a message with Slack' }).waitFor();
    await state(page, 'Done');
    await card.getByRole('button', { name: 'It was done' }).click();
    await card.waitFor({ state: 'detached' });
    expect(await stage.done(stage.ana, 'sent or not')).toBe(1);
    await page.reload();
    await page.getByRole('button', { name: /could not be confirmed/ }).click();
    await page.getByText('You said that it was done.').waitFor();
    expect(await card.count()).toBe(0);
    await page.close();
  });

  it('shows what others wrote as text: no markup, no picture, no link, and nothing wider than a phone', async () => {
    const markup =
      '<img src="https://evil.example/x.png" onerror="alert(1)"><a href="https://evil.example">click</a> [link](https://evil.example)';
    const long = 'w'.repeat(10_000);
    const id = await stage.ask(stage.ana, `${markup} ${long}`, [
      calls({ name: 'SLACK_LIST_CHANNELS', arguments: {} }, { name: '<b>NO_SUCH</b>', arguments: {} }),
      calls(slackMessage(`${markup} ${long} ${'x y '.repeat(16_000)}`)),
    ]);
    const phone = await stage.signedIn(stage.ana, { viewport: { width: 320, height: 700 } });
    const page = await phone.open(`/runs/${id}`);
    await heading(page, 'Send a message with Slack?').waitFor();
    for (const opener of await page.locator('[role="log"] button').all()) await opener.click();
    for (const more = page.getByRole('button', { name: 'Show all' }).first(); await more.count(); ) await more.click();
    expect(await page.locator('main img, main a[href*="evil"], main b').count()).toBe(0);
    expect(await page.getByText('<img src=').count()).toBeGreaterThan(0);
    expect(await sideways(page)).toBe(0);
    await page.goto('/runs');
    await page.getByRole('listitem').first().waitFor();
    expect(await sideways(page)).toBe(0);
    await phone.leave();
  });

  it('that failed says why in words of ours, and can be run again', async () => {
    const id = await stage.ask(stage.ana, 'say nothing', [{ status: 400, body: { error: { message: 'raw provider words' } } }]);
    const page = await ana.open(`/runs/${id}`);
    await page.getByRole('alert').getByText('The model refused this request.').waitFor();
    expect(await page.getByText('raw provider words').count()).toBe(0);
    await page.getByRole('button', { name: 'Run again' }).click();
    await page.waitForURL((url) => url.pathname.startsWith('/runs/') && !url.pathname.endsWith(id));
    await page.close();
  });

  it('is found in the list by what it is up to, live', async () => {
    const page = await ana.open('/runs');
    await page.getByLabel('Show').selectOption('waiting');
    const id = await stage.ask(stage.ana, 'post live', [calls(slackMessage('listed'))]);
    const row = page.getByRole('listitem').filter({ has: page.locator(`a[href="/runs/${id}"]`) });
    await row.getByText('Waiting for you').waitFor();
    await stage.ana.post(`/v1/runs/${id}/cancel`);
    await row.waitFor({ state: 'detached' });
    await page.getByLabel('Show').selectOption('cancelled');
    await row.getByText('Stopped').waitFor();
    await page.close();
  });
});
