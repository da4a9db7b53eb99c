import type { BrowserContext, Page } from 'playwright-core';
import { productUser } from '../story/stage.js';
import { until } from '../until.js';
import { inDatabase } from './rows.js';
import { type BrowserStage, openStage } from './stage.js';
import type { Visitor, VisitorOptions } from './visitor.js';

const PHONE = { viewport: { width: 390, height: 800 }, isMobile: true, hasTouch: true } as const;

describe('connecting an app', () => {
  let stage: BrowserStage;
  let visitor: Visitor;
  let count = 0;
  let person: BrowserStage['ana'];
  beforeAll(async () => {
    stage = await openStage();
  }, 120_000);
  afterAll(() => stage?.stop());
  afterEach(() => visitor?.leave());

  /** Somebody new, in a browser of their own, looking at Integrations. */
  async function someone(options: VisitorOptions = {}, before: (context: BrowserContext) => Promise<unknown> = async () => undefined) {
    count += 1;
    person = productUser(stage.gateway, stage.issuer, `someone-${count}-${Date.now()}`, 'Someone');
    visitor = await stage.signedIn(person, options);
    await before(visitor.context);
    const page = await visitor.open('/settings/integrations');
    await slack(page, 'not_connected');
    return page;
  }
  const slack = (page: Page, state: string) => page.locator(`[data-app="slack"][data-state="${state}"]`).waitFor({ timeout: 20_000 });
  const ask = async (page: Page) => {
    await page.getByRole('button', { name: 'Connect Slack' }).click();
    await page.getByRole('button', { name: 'Continue' }).click();
  };
  const popupOf = async (page: Page, deed = () => ask(page)) => {
    const [popup] = await Promise.all([page.waitForEvent('popup'), deed()]);
    return popup;
  };
  const consent = async (page: Page, decision: 'Allow' | 'Deny' = 'Allow') => {
    await page.getByRole('link', { name: 'Continue to Slack' }).click();
    await page.getByRole('button', { name: decision }).click();
  };
  const linkOf = async (popup: Page) => {
    await popup.waitForURL(/\/link\//);
    return popup.url();
  };
  /** The provider's pages cut every tie to the window that opened them. */
  const hostile = (context: BrowserContext) =>
    context.route(/\/link\/[^/]+(\/consent)?$/, async (route) => {
      if (route.request().method() !== 'GET') return route.continue();
      const response = await route.fetch();
      return route.fulfill({ response, headers: { ...response.headers(), 'cross-origin-opener-policy': 'same-origin' } });
    });
  /** Comes back without a browser: as on another device. */
  const finishElsewhere = async (link: string) => {
    const back = await stage.provider.consent(link);
    const { status } = await person.post('/v1/connections/complete', { sessionUri: back.searchParams.get('session_uri') });
    expect(status).toBe(200);
  };

  it('takes three clicks of ours; the page knows by itself, the popup is gone', async () => {
    const page = await someone();
    const popup = await popupOf(page); // two clicks, the third is none: no confirmation where the browser is the one that left
    const closed = popup.waitForEvent('close');
    await consent(popup);
    await slack(page, 'connected');
    await page.getByText('Slack works now.').waitFor();
    await page.locator('[data-app="slack"]').getByText('as work@example.com').waitFor();
    await closed;
  });

  it('says that nothing changed to a person who said no, and lets them try again', async () => {
    const page = await someone();
    await consent(await popupOf(page), 'Deny');
    await page.getByText('You said no to Slack, so nothing changed.').waitFor();
    await page.getByRole('button', { name: 'Try again Slack' }).click();
    const popup = await popupOf(page, () => page.getByRole('button', { name: 'Continue' }).click());
    await consent(popup);
    await slack(page, 'connected');
  });

  it('ends by itself when nobody comes back, without a message to anybody', async () => {
    const page = await someone();
    const popup = await popupOf(page);
    await linkOf(popup);
    await popup.close();
    await slack(page, 'waiting'); // closed proves nothing
    await inDatabase(
      stage,
      'connections',
      `update account set expires_at = now() - interval '2 minutes', work_at = now() where user_id = $1`,
      [person.id],
    );
    await page.getByText('That took more than 10 minutes, so the link no longer works.').waitFor({ timeout: 20_000 });
    expect((await person.get<{ data: unknown[] }>('/v1/inbox')).body.data).toEqual([]);
    await page.getByRole('button', { name: 'Dismiss Slack' }).click();
    await slack(page, 'not_connected');
  });

  it('goes on in the same window where popups are blocked', async () => {
    const page = await someone({}, (context) => context.addInitScript('window.open = () => null'));
    await ask(page);
    await page.getByText('Your browser blocked the window.').waitFor();
    await page.getByRole('button', { name: 'Open it here instead Slack' }).click();
    await consent(page);
    await page.getByRole('heading', { name: 'Slack is connected' }).waitFor();
    await page.getByRole('link', { name: 'Back to Integrations' }).click();
    await slack(page, 'connected');
  });

  it('goes on in the same window on a phone', async () => {
    const page = await someone(PHONE);
    await ask(page);
    await consent(page);
    await page.getByRole('link', { name: 'Back to Integrations' }).click();
    await slack(page, 'connected');
  });

  it('works with a provider whose pages cut the popup off', async () => {
    const page = await someone({}, hostile);
    await consent(await popupOf(page));
    await slack(page, 'connected');
  });

  it('works when the page that asked is closed, and shows in every tab', async () => {
    const page = await someone();
    const second = await visitor.open('/settings/integrations');
    const popup = await popupOf(page);
    await linkOf(popup);
    await slack(second, 'waiting');
    await page.close();
    await consent(popup);
    await slack(second, 'connected');
    await slack(await visitor.open('/settings/integrations'), 'connected');
  });

  it('gives a second click, in another tab, the same link', async () => {
    const page = await someone();
    const second = await visitor.open('/settings/integrations');
    await slack(second, 'not_connected');
    const link = await linkOf(await popupOf(page));
    await slack(second, 'waiting');
    const again = await popupOf(second, () => second.getByRole('button', { name: 'Open window again Slack' }).click()).catch(
      () => undefined,
    );
    if (again) expect(await linkOf(again)).toBe(link);
    const { body } = await person.get<{ data: { status: string }[] }>('/v1/connections');
    expect(body.data).toMatchObject([{ status: 'pending' }]);
  });

  it('survives the network: what happened meanwhile is there when it is back', async () => {
    const page = await someone();
    const popup = await popupOf(page);
    const link = await linkOf(popup);
    await popup.close();
    await visitor.context.setOffline(true);
    await page.getByText('You are offline.').waitFor();
    await finishElsewhere(link);
    await slack(page, 'waiting'); // the last that was known stays
    await visitor.context.setOffline(false);
    await slack(page, 'connected');
    await page.getByText('You are offline.').waitFor({ state: 'detached' });
  });

  it.each([
    ['the stream', { channel: false, reads: false, stream: true }],
    ['the return page', { channel: true, reads: false, stream: false }],
    ['looking again', { channel: false, reads: true, stream: false }],
  ] as const)('is noticed by %s alone', async (_, { channel, reads, stream }) => {
    const page = await someone({}, async (context) => {
      if (!stream) await context.route('**/v1/stream', (route) => route.abort());
      if (!channel) await context.addInitScript('BroadcastChannel.prototype.postMessage = () => undefined');
      if (!reads)
        await context.addInitScript(
          'const set = setInterval; window.setInterval = (f, ms, ...a) => set(f, ms < 11000 && ms > 1500 ? 1e8 : ms, ...a); const once = setTimeout; window.setTimeout = (f, ms, ...a) => once(f, ms === 2000 || ms === 10000 ? 1e8 : ms, ...a)',
        );
    });
    const popup = await popupOf(page);
    await consent(popup);
    await slack(page, 'connected');
  });

  it('is done by the keyboard alone, from the search to the provider and back, disconnecting too', async () => {
    const page = await someone();
    const to = async (name: RegExp, where = page) => {
      const focused = () =>
        where.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '');
      for (let steps = 0; steps < 60; steps += 1) {
        if (name.test(await focused())) return;
        await where.keyboard.press('Tab');
      }
      throw new Error(`the keyboard does not reach ${name}`);
    };
    await page.keyboard.press('/');
    await page.keyboard.type('slack');
    await page.locator('[data-app]').nth(1).waitFor({ state: 'detached' });
    await to(/^Connect Slack/);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await to(/^Continue$/);
    const popup = await popupOf(page, () => page.keyboard.press('Enter'));
    await popup.getByRole('link', { name: 'Continue to Slack' }).waitFor();
    await to(/^Continue to Slack/, popup);
    await popup.keyboard.press('Enter');
    await popup.getByRole('button', { name: 'Allow' }).waitFor();
    await to(/^Allow$/, popup);
    await popup.keyboard.press('Enter');
    await slack(page, 'connected');
    await page.bringToFront();
    await to(/^Disconnect Slack/);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Disconnect Slack?' }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Cancel');
    await to(/^Disconnect$/);
    await page.keyboard.press('Enter');
    await page.getByText('Slack confirmed that our access is cancelled.').waitFor({ timeout: 20_000 });
    await slack(page, 'not_connected');
  });

  it('again, after a break, keeps the connection; a no leaves it as it was', async () => {
    const page = await someone();
    const popup = await popupOf(page);
    await consent(popup);
    await slack(page, 'connected');
    const id = async () => (await person.get<{ data: { id: string }[] }>('/v1/connections')).body.data[0]?.id;
    const before = await id();
    await stage.provider.break(person.id, 'slack');
    await slack(page, 'expired');
    const reconnect = async () => {
      await page.getByRole('button', { name: 'Reconnect Slack' }).click();
      return popupOf(page, () => page.getByRole('button', { name: 'Continue' }).click());
    };
    await consent(await reconnect(), 'Deny');
    await page.getByText('You said no to Slack, so nothing changed.').waitFor();
    await page.getByRole('button', { name: 'Dismiss Slack' }).click();
    await slack(page, 'expired');
    await consent(await reconnect());
    await slack(page, 'connected');
    await page.getByText('Slack works again.').waitFor();
    expect(await until('the connection', id)).toBe(before);
  });
});
