import type { Page } from 'playwright-core';
import { until } from '../until.js';
import { violations } from './axe.js';
import { type BrowserStage, openStage } from './stage.js';
import type { Visitor } from './visitor.js';

describe('when somebody comes for the first time', () => {
  const email = 'carla@people.example';
  const password = 'a long enough password';
  let stage: BrowserStage;
  let carla: Visitor;
  beforeAll(async () => {
    stage = await openStage();
    carla = await stage.visitor();
  }, 120_000);
  afterAll(async () => {
    await carla?.leave();
    await stage?.stop();
  });

  const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name }).waitFor();
  const linkOf = (subject: RegExp) =>
    until(`a mail: ${subject}`, async () => {
      const [mail] = (await stage.provider.mails(email)).filter((one) => subject.test(one.subject));
      return /http\S+/.exec(mail?.text ?? '')?.[0];
    });

  it('they sign up, confirm their address by the mail, sign in, and are where they wanted to go', async () => {
    const page = await carla.open('/settings/integrations?from=mail');
    await heading(page, 'Sign in');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('link', { name: 'No account yet?' }).click();
    await heading(page, 'Sign up');
    expect(await violations(page)).toEqual([]);
    await page.getByLabel('Name').fill('Carla');
    await page.getByLabel('E-mail').fill(email);
    await page.getByRole('textbox', { name: 'Password' }).fill(password);
    await page.getByRole('button', { name: 'Sign up' }).click();
    await heading(page, 'Look in your mail');

    await page.goto(await linkOf(/confirm/i));
    await heading(page, 'Confirm your address');
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByText('Your address is confirmed.').waitFor();
    await page.getByRole('link', { name: 'Sign in' }).click();

    await signIn(page, 'wrong password of hers');
    await page.getByRole('alert').getByText('the address or the password is wrong').waitFor();
    await signIn(page, password);
    await heading(page, 'Integrations');
    expect(new URL(page.url()).search).toBe('?from=mail');
    expect(await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]))).not.toContain('eyJ');
    await page.close();
  });

  it('they sign out, and the pages are closed to them', async () => {
    const page = await carla.open('/settings/integrations');
    await heading(page, 'Integrations');
    await page.getByRole('button', { name: 'Your account' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await heading(page, 'Sign in');
    await page.goto('/settings/integrations');
    await heading(page, 'Sign in');
    await page.close();
  });

  it('they choose a new password by the link of a mail', async () => {
    const page = await carla.open('/auth/forgotten');
    await page.getByLabel('E-mail').fill(email);
    await page.getByRole('button', { name: 'Send the link' }).click();
    await page.getByText('a link is on its way').waitFor();
    await page.goto(await linkOf(/new password/i));
    await heading(page, 'Choose a new password');
    await page.getByRole('textbox', { name: 'Password' }).fill('another long password');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Your password is changed.').waitFor();
    await page.close();
  });

  async function signIn(page: Page, secret: string): Promise<void> {
    await page.getByLabel('E-mail').fill(email);
    await page.getByRole('textbox', { name: 'Password' }).fill(secret);
    await page.getByRole('button', { name: 'Sign in' }).click();
  }
});
