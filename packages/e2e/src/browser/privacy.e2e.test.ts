import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { Person } from '../person.js';
import { approve, connect, expectStatus, type Run, runIn } from '../story/stage.js';
import { until } from '../until.js';
import { sideways, violations } from './axe.js';
import { LOOKS } from './looks.js';
import { type BrowserStage, openStage } from './stage.js';
import type { Visitor, VisitorOptions } from './visitor.js';

const PASSWORD = 'correct horse battery';
const INPUT = "Please post 'Hello from Gatehouse' to #general on Slack";
const HOSTILE = `<img src=x onerror="document.title='taken'"> ${'W'.repeat(10_000)}`;

describe('when somebody wants to know what was done in their name', () => {
  let stage: BrowserStage;
  let cleo: Person;
  let runId: string;
  const visitors: Visitor[] = [];
  const arrive = async (options?: VisitorOptions) => {
    const visitor = await stage.signedIn(cleo, options);
    visitors.push(visitor);
    return visitor;
  };
  beforeAll(async () => {
    stage = await openStage();
    cleo = await signUp(stage);
    await connect(stage, cleo, '/v1/connections', { app: 'slack' });
    runId = expectStatus(await cleo.post<Run>('/v1/runs', { input: INPUT, apps: { required: ['slack'] } }), 202, 'asking for a run').id;
    await approve(cleo, runId);
    await runIn(cleo, runId, 'completed');
  }, 120_000);
  afterAll(async () => {
    await Promise.all(visitors.map((visitor) => visitor.leave()));
    await stage?.stop();
  });

  const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name }).waitFor();
  const did = (page: Page) => page.getByRole('region', { name: 'What your agent did' });

  it('sees it, by app and by run, and finds the same again by the address', async () => {
    const page = await (await arrive()).open('/settings/privacy');
    const row = did(page).getByRole('listitem').filter({ hasText: 'approved by you' });
    await row.getByText(/Slack · +Done · approved by you/).waitFor();
    await did(page).getByLabel('App').selectOption('slack');
    await page.waitForURL('**/settings/privacy?app=slack');
    await row.getByRole('button', { name: 'Only this run' }).press('Enter');
    await page.waitForURL(`**run=${runId}`);
    await page.reload();
    await row.waitFor();
    await page.goto('/settings/privacy?app=gmail');
    await did(page).getByText('Nothing so far.').waitFor();
    await page.close();
  });

  it('reads the log of decisions, in every look and at 320 pixels', async () => {
    for (const look of [...LOOKS, { language: 'en-XA' as const, viewport: { width: 320, height: 700 } }]) {
      const page = await (await arrive(look)).open('/settings/privacy');
      const log = page.getByRole('button', { name: /Show the log|Protokoll zeigen|Shów thé lóg/ });
      await log.press('Enter');
      await page
        .getByRole('button', { name: /^(Details|Einzelheiten|\[Détáíls)/ })
        .first()
        .press('Enter');
      await page
        .getByText(/"toolCallId"/)
        .first()
        .waitFor();
      expect([await violations(page), await sideways(page)]).toEqual([[], 0]);
      await page.getByRole('button', { name: /^(Delete my data…|Meine Daten löschen …|\[Délété my dátá)/ }).press('Enter');
      await page.getByRole('dialog').getByRole('textbox').waitFor();
      expect([await violations(page), await sideways(page)]).toEqual([[], 0]);
      await page.close();
    }
  });

  it('takes all of it along as JSON', async () => {
    const page = await (await arrive()).open('/settings/privacy');
    const arriving = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download' }).press('Enter');
    const download = await arriving;
    const kept = JSON.parse(await readFile(await download.path(), 'utf8')) as {
      userId: string;
      runs: { id: string }[];
      decisions: unknown[];
    };
    expect(download.suggestedFilename()).toMatch(/^gatehouse-\d{4}-\d\d-\d\d\.json$/);
    expect([kept.userId, kept.runs.map(({ id }) => id), kept.decisions.length > 0]).toEqual([cleo.id, [runId], true]);
    await page.getByText('Saved as gatehouse-').waitFor();
    await page.close();
  });

  it('reads text from elsewhere as text, however long', async () => {
    const page = await (await arrive({ viewport: { width: 320, height: 700 } })).context.newPage();
    await page.route(/\/v1\/(tools|connections)\?/, async (route) => {
      const answer = await route.fetch();
      const body = (await answer.json()) as { data: Record<string, unknown>[] };
      for (const row of body.data) Object.assign(row, { title: HOSTILE, accountLabel: HOSTILE });
      await route.fulfill({ response: answer, json: body });
    });
    await page.goto('/settings/privacy');
    await did(page).getByText('<img src=x').waitFor();
    expect([await page.title(), await page.locator('main img').count(), await sideways(page)]).toEqual(['Privacy · Gatehouse', 0, 0]);
    await page.close();
  });

  it('is told, if a product vouches for them, where their data is deleted', async () => {
    const ben = await stage.signedIn(stage.ben);
    visitors.push(ben);
    const page = await ben.open('/settings/privacy');
    await page.getByText('your account belongs to it. Delete it there').waitFor();
    expect(await page.getByRole('button', { name: 'Delete my data…' }).count()).toBe(0);
    await page.close();
  });

  it('sees what will go and what will stay, gives the password, and is gone', async () => {
    const visitor = await stage.visitor();
    visitors.push(visitor);
    const page = await visitor.open('/settings/privacy');
    await page.getByLabel('E-mail').fill(cleo.email);
    await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).press('Enter');
    await heading(page, 'Privacy');
    await page.getByText('We ask Slack to cancel our access.').waitFor();
    await page.getByRole('button', { name: 'Delete my data…' }).press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Delete everything?' });
    const password = dialog.getByRole('textbox', { name: 'Password' });
    await password.fill('not the right one');
    await password.press('Enter');
    await dialog.getByText('This is not your password.').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expectStatus(await cleo.get('/v1/runs'), 200, 'nothing is deleted yet');

    await page.getByRole('button', { name: 'Delete my data…' }).press('Enter');
    await password.fill(PASSWORD);
    await password.press('Enter');
    await heading(page, 'Your data is being deleted');
    expect(await violations(page)).toEqual([]);
    await page.goto('/inbox');
    await heading(page, 'Sign in');
    await page.close();
    await until('agent-runner has taken it down', () => stage.watcher.of('connection.removed', ({ key }) => key === cleo.id).length > 0);
    expect((await cleo.post('/auth/sign-in', { email: cleo.email, password: PASSWORD })).status).toBe(401);
  });
});

/** A person of our own, with a password. */
async function signUp({ gateway, provider }: BrowserStage): Promise<Person> {
  const email = `cleo.${randomUUID()}@example.com`;
  const nobody = new Person({ id: '', name: 'Cleo', email, gateway });
  expectStatus(await nobody.post('/auth/sign-up/email', { email, password: PASSWORD, name: 'Cleo' }), 200, 'signing up');
  const mail = await until('the mail that proves the address', async () => (await provider.mails(email))[0]);
  const token = decodeURIComponent(/[?&]token=([^&\s"]+)/.exec(mail.text)?.[1] ?? '');
  expectStatus(await nobody.post('/auth/verify-email', { token }), 200, 'proving the address');
  expectStatus(await nobody.post('/auth/sign-in', { email, password: PASSWORD }), 200, 'signing in');
  const { userId } = expectStatus(await nobody.get<{ userId: string }>('/v1/me'), 200, 'asking who I am');
  return Object.assign(nobody, { id: userId });
}
