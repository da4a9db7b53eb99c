import { gzipSync } from 'node:zlib';
import { sideways, violations } from './axe.js';
import { inDatabase, seedConnections } from './rows.js';
import { type BrowserStage, openStage } from './stage.js';

/** Every state of a connection at once, an app for each; and text from elsewhere that would like to be more. */
const STATES = [
  { app: 'airtable', state: 'pending', shown: 'waiting' },
  { app: 'asana', state: 'active', label: 'ana@example.com', shown: 'connected' },
  { app: 'dropbox', state: 'broken', providerStatus: 'EXPIRED', reason: 'token expired', shown: 'expired' },
  { app: 'github', state: 'broken', providerStatus: 'REVOKED', shown: 'access_removed' },
  { app: 'gmail', state: 'broken', providerStatus: 'INACTIVE', shown: 'switched_off' },
  { app: 'googlecalendar', state: 'broken', providerStatus: 'FAILED', shown: 'stopped' },
  { app: 'googledrive', state: 'not_finished', reason: 'timed_out', shown: 'not_finished' },
  { app: 'hubspot', state: 'not_finished', reason: 'identity_mismatch', shown: 'blocked' },
  { app: 'jira', state: 'removing', shown: 'leaving' },
  { app: 'linear', state: 'unknown', shown: 'cant_check' },
  { app: 'notion', state: 'not_finished', reason: 'declined', shown: 'not_finished' },
  { app: 'slack', state: 'active', label: `<img src=x onerror=alert(1)>${'long'.repeat(50)}`, shown: 'connected' },
] as const;

describe('on Settings > Integrations', () => {
  let stage: BrowserStage;
  beforeAll(async () => {
    stage = await openStage();
    await seedConnections(stage, stage.ana.id, STATES);
  }, 120_000);
  afterAll(() => stage?.stop());

  it('a state that should not be there for long is told by words and an icon, each with what can be done', async () => {
    const ana = await stage.signedIn(stage.ana);
    const page = await ana.open('/settings/integrations');
    for (const { app, shown } of STATES) await page.locator(`[data-app="${app}"][data-state="${shown}"]`).waitFor();
    await page.getByRole('heading', { name: 'Needs attention (6)' }).waitFor();
    const dropbox = page.locator('[data-app="dropbox"]');
    await dropbox.getByText('Dropbox stopped accepting our access on 18 Nov. Your settings are kept.').waitFor();
    await dropbox.getByRole('button', { name: 'Reconnect Dropbox' }).waitFor();
    await page.getByText('You said no to Notion, so nothing changed.').waitFor();
    expect(await page.locator('main').textContent()).not.toContain('token expired'); // a provider's own words are for logs
    await ana.leave();
  });

  it.each([
    ['en', 'light', 1280],
    ['en', 'dark', 390],
    ['de', 'light', 390],
    ['de', 'dark', 1280],
    ['en-XA', 'light', 320],
    ['en-XA', 'dark', 1280],
  ] as const)('all of them can be used by anybody: %s, %s, %i pixels wide', async (language, theme, width) => {
    const ana = await stage.signedIn(stage.ana, { language, theme, viewport: { width, height: 800 } });
    const page = await ana.open('/settings/integrations');
    await page.locator('[data-app="slack"][data-state="connected"]').waitFor();
    expect(await violations(page)).toEqual([]);
    expect(await sideways(page)).toBe(0);
    await page.goto('/settings/integrations/slack');
    await page.getByRole('radiogroup').first().waitFor();
    expect(await violations(page)).toEqual([]);
    expect(await sideways(page)).toBe(0);
    expect(await page.locator('img[src="x"]').count()).toBe(0);
    await ana.leave();
  });

  it('the page needs at most 210 kB of script, compressed, none of it for operators, and nothing on it jumps', async () => {
    const ana = await stage.signedIn(stage.ana);
    const scripts = new Map<string, Promise<number>>();
    ana.context.on('response', (response) => {
      if (response.request().resourceType() === 'script')
        scripts.set(
          response.url(),
          response.body().then((body) => gzipSync(body).length),
        );
    });
    const page = await ana.open('/settings/integrations');
    await page.locator('[data-app="slack"]').waitFor();
    const bytes = (await Promise.all(scripts.values())).reduce((sum, one) => sum + one, 0);
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThan(210_000);
    expect([...scripts.keys()].filter((url) => /admin|chart/i.test(url))).toEqual([]);
    const shift = await page.evaluate(
      () =>
        new Promise<number>((done) => {
          let sum = 0;
          const observer = new PerformanceObserver((list) => {
            for (const entry of list.getEntries()) sum += (entry as PerformanceEntry & { value: number }).value;
          });
          observer.observe({ type: 'layout-shift', buffered: true });
          setTimeout(() => done(sum), 500);
        }),
    );
    expect(shift).toBeLessThan(0.05);
    await ana.leave();
  });

  it('an app is found by its name, also when it is written wrongly; `/` goes to the search', async () => {
    const ana = await stage.signedIn(stage.ana);
    const page = await ana.open('/settings/integrations');
    await page.locator('[data-app="slack"]').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('outlok');
    await page.getByText('No app called “outlok”. Did you mean Outlook?').waitFor();
    await page.getByRole('button', { name: 'Show Outlook' }).click();
    await page.locator('[data-app="outlook"]').waitFor();
    expect(await page.locator('[data-app]').count()).toBe(1);
    await ana.leave();
  });

  it('a tool can be made stricter, and stays so', async () => {
    const ana = await stage.signedIn(stage.ana);
    const page = await ana.open('/settings/integrations/slack');
    const tool = () => page.getByRole('radiogroup').first();
    await tool().waitFor();
    const name = (await page.getByRole('listitem').filter({ has: tool() }).first().textContent()) ?? '';
    await tool().getByText('Never').click();
    await page.getByText('Saved.').first().waitFor();
    await page.reload();
    await tool().waitFor();
    expect(name).not.toBe('');
    expect(await tool().getByRole('radio', { name: 'Never' }).isChecked()).toBe(true);
    await ana.leave();
  });

  it('of two accounts the person says which one runs use, and what they are called', async () => {
    await seedConnections(stage, stage.ben.id, [
      { app: 'slack', state: 'active', alias: 'Work', label: 'ben@work.example', isDefault: true },
      { app: 'slack', state: 'active', alias: 'Private', label: 'ben@home.example' },
    ]);
    const ben = await stage.signedIn(stage.ben);
    const page = await ben.open('/settings/integrations/slack');
    const account = (label: string) => page.locator('[data-connection]').filter({ hasText: label });
    await account('ben@work.example').getByText('Runs use this one').waitFor();
    await account('ben@home.example').getByRole('button', { name: 'Let runs use this one' }).click();
    await account('ben@home.example').getByText('Runs use this one', { exact: false }).waitFor();
    await account('ben@home.example').getByRole('button', { name: 'Name' }).click();
    await page.getByRole('dialog').getByLabel('Name, such as “Work”').fill('Home');
    // Somebody else was faster: what was decided on is not what is there.
    await inDatabase(stage, 'connections', `update connection set alias = 'Elsewhere' where user_id = $1 and alias = 'Private'`, [
      stage.ben.id,
    ]);
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('alert').getByText('Somebody changed this before you').waitFor();
    await ben.leave();
  });
});
