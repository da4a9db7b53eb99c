import { sideways, violations } from './axe.js';
import { seedConnections } from './rows.js';
import { type BrowserStage, openStage } from './stage.js';

describe('in the page of another product', () => {
  let stage: BrowserStage;
  beforeAll(async () => {
    stage = await openStage();
    await seedConnections(stage, stage.ana.id, [
      { app: 'slack', state: 'active', label: 'ana@work.example' },
      { app: 'github', state: 'broken', providerStatus: 'EXPIRED' },
    ]);
    await seedConnections(stage, stage.ben.id, [{ app: 'gmail', state: 'active', label: 'ben@example.com' }]);
  }, 120_000);
  afterAll(() => stage?.stop());

  it('people see their own connections, in our component and in what the product makes of the hooks', async () => {
    const ana = await stage.signedIn(stage.ana);
    const page = await ana.open('/example');
    await page.locator('[data-app="slack"][data-state="connected"]').getByText('ana@work.example').waitFor();
    await page.locator('[data-app="github"][data-state="expired"]').waitFor();
    expect(await page.getByRole('list', { name: 'Works with' }).getByRole('listitem').allTextContents()).toEqual(['slack']);
    expect(await page.locator('[data-app="gmail"]').getAttribute('data-state')).toBe('not_connected'); // Ben's
    expect(await violations(page)).toEqual([]);
    await page
      .locator('[data-app="slack"]')
      .getByRole('link', { name: /Manage/ })
      .click();
    await page.getByRole('heading', { level: 1, name: 'Slack' }).waitFor();
    await page.getByRole('radiogroup').first().waitFor();
    expect(new URL(page.url()).hash).toBe('#slack');
    expect(await violations(page)).toEqual([]);
    await ana.leave();
  });

  it('our buttons and dialogs have the colours of the product, which a variable changes', async () => {
    const ana = await stage.signedIn(stage.ana, { viewport: { width: 390, height: 800 } });
    const page = await ana.open('/example');
    const ground = (name: RegExp) => page.getByRole('button', { name }).evaluate((button) => getComputedStyle(button).backgroundColor);
    await page.getByRole('button', { name: /Reconnect GitHub/ }).waitFor();
    expect(await ground(/Reconnect GitHub/)).toBe('rgb(11, 110, 79)');
    expect(await sideways(page)).toBe(0);
    await page.evaluate(() => document.documentElement.style.setProperty('--gatehouse-accent', '#7a1f5c'));
    expect(await ground(/Reconnect GitHub/)).toBe('rgb(122, 31, 92)');
    await page.getByRole('button', { name: /Reconnect GitHub/ }).click();
    await page.getByRole('dialog', { name: /GitHub/ }).waitFor();
    expect(await ground(/^Continue/)).toBe('rgb(122, 31, 92)');
    expect(await violations(page)).toEqual([]);
    await ana.leave();
  });
});
