import type { Page } from 'playwright-core';
import { connect, expectStatus } from '../story/stage.js';
import { until } from '../until.js';
import { sideways, violations } from './axe.js';
import { LOOKS } from './looks.js';
import { type BrowserStage, openStage } from './stage.js';
import type { Visitor, VisitorOptions } from './visitor.js';

const HOSTILE = `<img src=x onerror="document.title='taken'"><b>bold</b> ${'W'.repeat(10_000)}`;

describe('when an app stops working', () => {
  let stage: BrowserStage;
  const visitors: Visitor[] = [];
  const known = new Map<string, Promise<Visitor>>();
  /** One browser for each look: what a page complains about is known at the end. */
  const signedIn = (options: VisitorOptions = {}) => {
    const look = JSON.stringify(options);
    const visitor = known.get(look) ?? stage.signedIn(stage.ana, options);
    known.set(look, visitor);
    return visitor;
  };
  let slack: string;
  beforeAll(async () => {
    stage = await openStage();
    const { ana } = stage;
    await stage.upstream.publish({ type: 'user.created', data: { userId: ana.id, email: ana.email } });
    slack = await until('Ana is known', () => connect(stage, ana, '/v1/connections', { app: 'slack' }));
    await connect(stage, ana, '/v1/connections', { app: 'gmail' });
  }, 120_000);
  afterAll(async () => {
    for (const visitor of [...visitors, ...(await Promise.all(known.values()))]) await visitor.leave();
    await stage?.stop();
  });

  const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name }).waitFor();
  const menu = (page: Page) => page.getByRole('navigation', { name: 'Main menu' });
  const inMenu = (page: Page, words: string) => menu(page).getByRole('link', { name: `Inbox ${words}` });
  const reconnect = async () => connect(stage, stage.ana, `/v1/connections/${slack}/reconnect`);
  const breakApp = (app: string) => stage.provider.break(stage.ana.id, app);

  it('has an inbox without messages before, in every look', async () => {
    for (const look of LOOKS) {
      const page = await (await signedIn(look)).open('/inbox');
      await page.getByText(look.language === 'de' ? 'Keine Nachrichten. Alles läuft.' : 'No messages. Everything works.').waitFor();
      expect(await violations(page)).toEqual([]);
      await page.close();
    }
  });

  it('hears of it on any page, is led to the cure, and the message closes by itself', async () => {
    const ana = await signedIn();
    const elsewhere = await ana.open('/settings/notifications');
    await heading(elsewhere, 'Notifications');
    await inMenu(elsewhere, '').waitFor();
    await breakApp('slack');
    await inMenu(elsewhere, '1 new message').waitFor();

    const page = await ana.open('/inbox');
    const message = page.getByRole('listitem').filter({ hasText: 'Slack stopped accepting our access' });
    await message.getByText('New').waitFor();
    expect(await message.getByRole('link').count()).toBe(1);
    await message.getByRole('link', { name: 'Reconnect' }).click();
    await page.waitForURL('**/settings/integrations/slack');
    await page.goto('/inbox');
    await message.getByText('Read').waitFor();

    await reconnect();
    await message.getByText('Settled').waitFor();
    await inMenu(elsewhere, '').waitFor();
    await Promise.all([page.close(), elsewhere.close()]);
  });

  it('marks all as read, by keyboard, and the other tab knows', async () => {
    const ana = await signedIn();
    await breakApp('slack');
    await breakApp('gmail');
    const [page, other] = [await ana.open('/inbox'), await ana.open('/settings/privacy')];
    await inMenu(other, '2 new messages').waitFor();
    await page.getByText('2 new messages', { exact: true }).first().waitFor();
    await tabTo(page, 'Mark all read');
    await page.keyboard.press('Enter');
    await page.getByRole('main').getByText('No new messages').waitFor();
    await inMenu(other, '').waitFor();
    expect(await page.getByRole('button', { name: 'Mark all read' }).isDisabled()).toBe(true);
    await Promise.all([page.close(), other.close()]);
  });

  it('shows messages in every look and at 320 pixels, and text from elsewhere as text', async () => {
    for (const look of [...LOOKS, { language: 'en-XA' as const, viewport: { width: 320, height: 700 } }]) {
      const page = await (await signedIn(look)).open('/inbox');
      await page.getByRole('main').getByRole('listitem').first().waitFor();
      expect([await violations(page), await sideways(page)]).toEqual([[], 0]);
      await page.close();
    }
    const small = await signedIn({ viewport: { width: 320, height: 700 } });
    const page = await small.context.newPage();
    await page.route(/\/v1\/inbox\?/, async (route) => {
      const answer = await route.fetch();
      const body = (await answer.json()) as { data: { text: string }[] };
      for (const row of body.data) row.text = HOSTILE;
      await route.fulfill({ response: answer, json: body });
    });
    await page.goto('/inbox');
    await page.getByText('<b>bold</b>').first().waitFor();
    expect([await page.title(), await page.locator('main img').count(), await sideways(page)]).toEqual(['Inbox · Gatehouse', 0, 0]);
    await page.close();
  });

  it('says that the list could not be read, keeps the last one, and reads it again', async () => {
    const ana = await signedIn();
    const page = await ana.open('/inbox');
    await page.getByRole('main').getByRole('listitem').first().waitFor();
    await page.route(/\/v1\/inbox\?/, (route) =>
      route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{"code":"down"}' }),
    );
    await breakNothing(page);
    await page.getByText('This list could not be read again.').waitFor();
    expect(await page.getByRole('main').getByRole('listitem').count()).toBeGreaterThan(0);
    expect(await violations(page)).toEqual([]);
    await page.unroute(/\/v1\/inbox\?/);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('This list could not be read again.').waitFor({ state: 'detached' });
    await page.close();
  });

  it('takes what was changed in one tab from the other tab only after it was seen there', async () => {
    const ana = await signedIn();
    const [first, second] = [await ana.open('/settings/notifications'), await ana.open('/settings/notifications')];
    const digest = (page: Page) => page.getByLabel('Gather e-mails');
    for (const page of [first, second]) await digest(page).waitFor();
    await digest(first).selectOption('1440');
    await first.getByRole('button', { name: 'Save' }).click();
    await first.getByText('Saved.', { exact: true }).waitFor();

    await second.getByLabel('Send me e-mails').press('Space');
    await second.getByRole('button', { name: 'Save' }).click();
    await second.getByRole('alert').getByText('Somebody changed this before you').waitFor();
    expect(await violations(second)).toEqual([]);
    await second.getByRole('button', { name: 'Show what holds now' }).click();
    await second.getByText('Not saved yet.').waitFor({ state: 'detached' });
    expect([await digest(second).inputValue(), await second.getByLabel('Send me e-mails').isChecked()]).toEqual(['1440', true]);
    await digest(second).selectOption('0');
    await second.getByRole('button', { name: 'Save' }).click();
    await second.getByText('Saved.', { exact: true }).waitFor();
    await Promise.all([first.close(), second.close()]);
  });

  it('chooses by keyboard what comes where; approvals stay in the inbox', async () => {
    const ana = await signedIn({ theme: 'dark' });
    const page = await ana.open('/settings/notifications');
    const approvals = page.getByRole('group', { name: 'A run waits for your approval' });
    await approvals.waitFor();
    expect(await approvals.getByLabel('Inbox').isDisabled()).toBe(true);
    await page.getByRole('group', { name: 'A run waits for an app' }).getByLabel('E-mail').press('Space');
    await page.getByLabel('Quiet hours').press('Space');
    await page.getByLabel('Address').fill('https://hooks.example.com/me');
    await page.getByLabel('Address').press('Enter');
    await page.getByText('Saved.', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Show the secret' }).press('Enter');
    await page.getByText(/^whsec_/).waitFor();
    expect(await violations(page)).toEqual([]);
    expect(expectStatus(await stage.ana.get('/v1/preferences'), 200, 'reading preferences')).toMatchObject({
      muted: { inbox: [], email: ['run.blocked'], webhook: [] },
      quietHours: { from: '22:00', to: '07:00', timeZone: 'Europe/Berlin' },
      webhookUrl: 'https://hooks.example.com/me',
    });
    await page.close();
  });

  it('sends a test message and says what became of it', async () => {
    const ana = await signedIn({ language: 'de' });
    const page = await ana.open('/settings/notifications');
    await page.getByLabel('Adresse').fill('https://no-such-host.invalid/');
    await page.getByRole('button', { name: 'Speichern' }).click();
    await page.getByText('Gespeichert.', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Testnachricht schicken' }).click();
    await page.getByText('E-Mail: geschickt.').waitFor();
    await page.getByText('Webhook: nicht geschickt. Dort antwortet niemand.').waitFor();
    expect((await stage.provider.mails(stage.ana.email)).map(({ subject }) => subject)).toContain('A test message');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Testnachricht schicken' }).click();
    await page.getByRole('alert').getByText('Das war zu oft').waitFor();
    await page.close();
  });

  it('ends e-mails of a kind by the link in one, opened by nobody in particular', async () => {
    const email = await until(
      'the e-mail about Gmail',
      async () =>
        (await stage.provider.mails(stage.ana.email)).find((mail) => mail.headers['list-unsubscribe'])?.headers['list-unsubscribe'],
    );
    const nobody = await stage.visitor();
    visitors.push(nobody);
    const page = await nobody.open(email.slice(1, -1));
    await heading(page, 'No more of these e-mails?');
    expect([await violations(page), await sideways(page)]).toEqual([[], 0]);
    await page.getByRole('button', { name: 'Stop these e-mails' }).click();
    await heading(page, 'Done');
    await page.close();
    const settings = await (await signedIn()).open('/settings/notifications');
    const broken = settings.getByRole('group', { name: 'An app has to be reconnected' });
    await broken.waitFor();
    expect([await broken.getByLabel('E-mail').isChecked(), await broken.getByLabel('Inbox').isChecked()]).toEqual([false, true]);
    await settings.close();
  });

  it('has its settings in every look and at 320 pixels', async () => {
    for (const look of [...LOOKS, { language: 'en-XA' as const, viewport: { width: 320, height: 700 } }]) {
      const page = await (await signedIn(look)).open('/settings/notifications');
      await page.getByRole('button', { name: /Show the secret|Schlüssel zeigen|Shów thé sécrét/ }).press('Enter');
      await page.getByText(/^whsec_/).waitFor();
      expect([await violations(page), await sideways(page)]).toEqual([[], 0]);
      await page.close();
    }
  });
});

/** Presses Tab until that button has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let press = 0; press < 60; press += 1) {
    await page.keyboard.press('Tab');
    if (await page.getByRole('button', { name }).evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`Tab does not lead to "${name}"`);
}

/** The list is read again when the window gets the focus. */
const breakNothing = (page: Page) => page.evaluate(() => window.dispatchEvent(new Event('visibilitychange')));
