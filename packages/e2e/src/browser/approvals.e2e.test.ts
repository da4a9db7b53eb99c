import type { Page } from 'playwright-core';
import { runIn } from '../story/stage.js';
import { type AgentStage, calls, openAgentStage, slackMessage } from './agent.js';
import type { Visitor } from './visitor.js';

describe('what waits for a person', () => {
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

  const DONE = { content: 'Finished.' };
  /** The card of a message with this text. */
  const card = (page: Page, text: string) => page.locator('[data-approval]').filter({ hasText: text });
  const button = (page: Page, text: string, name: string) => card(page, text).getByRole('button', { name, exact: true });
  const asked = async (text: string) => {
    const id = await stage.ask(stage.ana, 'post', [calls(slackMessage(text)), DONE]);
    await runIn(stage.ana, id, 'parked', 'approval');
    return id;
  };

  it('appears while the page is open, says which account, what and why, and is sent once', async () => {
    const page = await ana.open('/approvals');
    await page.getByText('Nothing needs your approval.').waitFor();
    const id = await asked('the first');
    await card(page, 'the first').waitFor();
    await card(page, 'the first').getByText('work@example.com').waitFor();
    await card(page, 'the first').getByText('#general').waitFor();
    await card(page, 'the first').getByText('Why you are asked:').waitFor();
    await button(page, 'the first', 'Send').click();
    await page.getByText(/^You approved this at/).waitFor();
    await runIn(stage.ana, id, 'completed');
    expect(await stage.done(stage.ana, 'the first')).toBe(1);
    await page.close();
  });

  it('is changed in a form, shown as a difference, and confirmed once', async () => {
    const id = await asked('Hello dear all');
    const page = await ana.open('/approvals');
    await button(page, 'Hello dear all', 'Edit').click();
    const text = page.getByLabel('Text');
    await text.fill('Hello everybody');
    await page.getByRole('button', { name: 'See the change' }).click();
    await page.getByRole('heading', { name: 'This is what you changed' }).waitFor();
    expect(await page.locator('del').innerText()).toContain('dear all');
    expect(await page.locator('ins').innerText()).toContain('everybody');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByText(/^You changed and approved this at/).waitFor();
    await runIn(stage.ana, id, 'completed');
    expect([await stage.done(stage.ana, 'Hello everybody'), await stage.done(stage.ana, 'Hello dear all')]).toEqual([1, 0]);
    await page.close();
  });

  it('is turned down, and never done', async () => {
    const id = await asked('turned down');
    const page = await ana.open(`/runs/${id}`);
    await button(page, 'turned down', 'Don’t send').click();
    await page.getByText(/^You said no at/).waitFor();
    await runIn(stage.ana, id, 'completed');
    await page.getByRole('button', { name: /^You said no: Send a message with Slack/ }).waitFor();
    expect(await stage.done(stage.ana, 'turned down')).toBe(0);
    await page.close();
  });

  it('decided in two tabs at once is done once, and the late one says so', async () => {
    const id = await asked('only once');
    const tabs = await Promise.all([ana.open('/approvals'), ana.open(`/runs/${id}`)]);
    await Promise.all(tabs.map((tab) => button(tab, 'only once', 'Send').waitFor()));
    await Promise.all(tabs.map((tab) => button(tab, 'only once', 'Send').click()));
    const words = await Promise.all(tabs.map((tab) => tab.getByText(/You approved this at|already approved in another place/).innerText()));
    expect(words.filter((one) => one.includes('another place'))).toHaveLength(1);
    await runIn(stage.ana, id, 'completed');
    expect(await stage.done(stage.ana, 'only once')).toBe(1);
    await Promise.all(tabs.map((tab) => tab.close()));
  });

  it('is decided by A, E and R, the first press only chooses, and the keys can be switched off', async () => {
    const first = await asked('by the key A');
    const page = await ana.open('/approvals');
    await card(page, 'by the key A').waitFor();
    await page.keyboard.press('a');
    expect(await card(page, 'by the key A').evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.press('a');
    await runIn(stage.ana, first, 'completed');
    expect(await stage.done(stage.ana, 'by the key A')).toBe(1);

    const second = await asked('by the key R');
    await card(page, 'by the key R').waitFor();
    await page.getByRole('switch', { name: 'Decide by single keys' }).press('Space');
    await page.keyboard.press('r');
    await card(page, 'by the key R').focus();
    await page.keyboard.press('r');
    await page.reload();
    await card(page, 'by the key R').waitFor();
    expect(await page.getByRole('switch', { name: 'Decide by single keys' }).isChecked()).toBe(false);
    await page.getByRole('switch', { name: 'Decide by single keys' }).press('Space');
    await card(page, 'by the key R').focus();
    await page.keyboard.press('e');
    await page.getByLabel('Text').waitFor();
    await page.keyboard.type('r'); // in a field it is a letter
    await page.getByRole('button', { name: 'Back' }).press('Enter');
    await card(page, 'by the key R').focus();
    await page.keyboard.press('r');
    await runIn(stage.ana, second, 'completed');
    expect(await stage.done(stage.ana, 'by the key R')).toBe(0);
    await page.close();
  });

  it('can be approved without a pointer', async () => {
    const id = await asked('by keyboard');
    const page = await ana.open(`/runs/${id}`);
    const send = button(page, 'by keyboard', 'Send');
    await send.waitFor();
    for (let press = 0; press < 40 && !(await send.evaluate((one) => one === document.activeElement)); press++)
      await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await runIn(stage.ana, id, 'completed');
    expect(await stage.done(stage.ana, 'by keyboard')).toBe(1);
    await page.close();
  });

  it('that cannot be undone asks for its number', async () => {
    const args = { channel: '#general', ts: '1700000000.000100' };
    const id = await stage.ask(stage.ana, 'delete', [calls({ name: 'SLACK_DELETE_A_MESSAGE', arguments: args }), DONE]);
    const page = await ana.open(`/runs/${id}`);
    await page.getByText('Cannot be undone', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Delete', exact: true }).click();
    const confirm = page.getByRole('button', { name: 'Delete', exact: true });
    expect(await confirm.isDisabled()).toBe(true);
    await page.getByLabel(/Type 1 to go on/).fill('1');
    await confirm.click();
    await page.getByText(/^You approved this at/).waitFor();
    await runIn(stage.ana, id, 'completed');
    await page.close();
  });

  it('to more than ten people asks for their number', async () => {
    const people = Array.from({ length: 12 }, (_, index) => `p${index}@example.com`);
    const args = { recipient_email: people[0], cc: people.slice(1), subject: 'Hi', body: 'to many' };
    const id = await stage.ask(stage.ana, 'mail', [calls({ name: 'GMAIL_SEND_EMAIL', arguments: args }), DONE], {
      apps: { required: ['gmail'] },
    });
    const page = await ana.open(`/runs/${id}`);
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByLabel('This reaches 12 people. Type 12 to go on.').fill('12');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await runIn(stage.ana, id, 'completed');
    await page.close();
  });
});
