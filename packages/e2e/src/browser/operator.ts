import type { Page } from 'playwright-core';
import { Person } from '../person.js';
import { connect, expectStatus } from '../story/stage.js';
import { until } from '../until.js';
import { type BrowserStage, openStage } from './stage.js';

export const OPERATOR = { email: 'olga@people.example', password: 'a long enough password' };

/** With Ana and Ben, who have connected Gmail, Ana also Slack, and an operator who has not signed in yet. */
export async function openOperatorStage(): Promise<BrowserStage> {
  // Two breaks of an app at once are too many here, so that a person is asked; and the operator says when there is a sweep.
  const guard = { BLAST_RADIUS_CONNECTIONS: '1', BLAST_RADIUS_SHARE: '0', SWEEP_INTERVAL_SECONDS: '3600' };
  const stage = await openStage({ env: { OPERATOR_EMAILS: OPERATOR.email, ...guard } });
  const { ana, ben, upstream, watcher } = stage;
  for (const { id, email } of [ana, ben]) await upstream.publish({ type: 'user.created', data: { userId: id, email } });
  await until('both are known', () => [ana, ben].every(({ id }) => watcher.of('entity.created', ({ key }) => key === id).length > 0));
  for (const person of [ana, ben]) await connect(stage, person, '/v1/connections', { app: 'gmail' });
  await connect(stage, ana, '/v1/connections', { app: 'slack' });
  await signUp(stage);
  return stage;
}

/** A deed in its dialog: the reason, what the dry run says, the deed, what came of it. */
export async function act(page: Page, { says, word, done }: { says: string; word: string; done: string }): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Why?').fill('a test of ours');
  await dialog.getByRole('button', { name: 'See what it touches' }).click();
  await dialog.getByText(says).waitFor();
  await dialog.getByRole('button', { name: word, exact: true }).click();
  await dialog.getByText(done).waitFor();
  await dialog.getByRole('button', { name: 'Close', exact: true }).last().click();
  await dialog.waitFor({ state: 'detached' });
}

/** A person of our own, whose address makes them an operator once it is proven. */
export async function signUp({ gateway, provider }: BrowserStage): Promise<void> {
  const { email, password } = OPERATOR;
  const nobody = new Person({ id: '', name: 'Olga', email, gateway });
  expectStatus(await nobody.post('/auth/sign-up/email', { email, password, name: 'Olga' }), 200, 'signing up');
  const mail = await until('the mail that proves the address', async () => (await provider.mails(email))[0]);
  const token = decodeURIComponent(/[?&]token=([^&\s"]+)/.exec(mail.text)?.[1] ?? '');
  expectStatus(await nobody.post('/auth/verify-email', { token }), 200, 'proving the address');
}
