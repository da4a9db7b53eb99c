import { mkdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { approve, connect, expectStatus, type Run, runIn } from '../story/stage.js';
import { until } from '../until.js';
import { OPERATOR, signUp } from './operator.js';
import { type BrowserStage, openStage } from './stage.js';
import type { Visitor, VisitorOptions } from './visitor.js';

// Pictures of the pages for docs/screens, started by hand (docs/contributing.md).

const FOLDER = fileURLToPath(new URL('../../../../docs/screens/', import.meta.url));
const WIDE = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 780 };
const LARGEST_BYTES = 250_000;

interface Scene {
  file: string;
  path: string;
  /** Is done when the page shows what it is about. */
  ready: (page: Page) => Promise<unknown>;
}

const has = (text: string | RegExp) => (page: Page) => page.getByText(text).first().waitFor();
const heading = (name: string) => (page: Page) => page.getByRole('heading', { level: 1, name }).waitFor();
const integrations: Omit<Scene, 'file'> = {
  path: '/settings/integrations',
  ready: (page) => page.locator('[data-app="gmail"][data-state="expired"]').waitFor(),
};

const dialog = async (page: Page): Promise<void> => {
  await page
    .locator('[data-app="notion"]')
    .getByRole('button', { name: /^Connect/ })
    .click();
  await page.getByRole('dialog').getByRole('button', { name: 'Continue' }).waitFor();
};

const scenesOf = (runId: string): Scene[] => [
  { file: 'integrations', ...integrations },
  { file: 'app', path: '/settings/integrations/slack', ready: (page) => page.getByRole('radiogroup').first().waitFor() },
  { file: 'connect', path: '/settings/integrations', ready: dialog },
  { file: 'runs', path: '/runs', ready: (page) => page.locator('a[href^="/runs/"]').nth(2).waitFor() },
  { file: 'run', path: `/runs/${runId}`, ready: (page) => page.locator('[data-approval]').first().waitFor() },
  { file: 'approvals', path: '/approvals', ready: (page) => page.locator('[data-approval]').first().waitFor() },
  { file: 'inbox', path: '/inbox', ready: has(/Gmail stopped/) },
  { file: 'notifications', path: '/settings/notifications', ready: heading('Notifications') },
  { file: 'privacy', path: '/settings/privacy', ready: heading('Privacy') },
  { file: 'embedded', path: '/example', ready: integrations.ready },
];

/** Taller, so that the chart is in the picture. */
const chart = async (page: Page): Promise<void> => {
  await page.setViewportSize({ ...WIDE, height: 920 });
  await page.getByRole('rowheader', { name: 'Gmail' }).waitFor();
  await page
    .getByRole('img', { name: /^Breaks in the last 30 days/ })
    .locator('svg')
    .first()
    .waitFor();
};

const forOperators: Scene[] = [
  { file: 'admin-health', path: '/admin/health', ready: chart },
  { file: 'admin-switches', path: '/admin/switches', ready: heading('Kill switches') },
];

/** Ana, with apps that work and one that does not, and runs that are done, ask, and wait. Returns the one that asks. */
async function prepare(stage: BrowserStage): Promise<string> {
  const { ana, ben, upstream, watcher, provider } = stage;
  for (const { id, email } of [ana, ben]) await upstream.publish({ type: 'user.created', data: { userId: id, email } });
  await until('both are known', () => [ana, ben].every(({ id }) => watcher.of('entity.created', ({ key }) => key === id).length > 0));
  await signUp(stage);
  for (const app of ['slack', 'gmail', 'github']) await connect(stage, ana, '/v1/connections', { app });
  await connect(stage, ben, '/v1/connections', { app: 'gmail' });
  const ask = async (input: string, app: string) =>
    expectStatus(await ana.post<Run>('/v1/runs', { input, apps: { required: [app] } }), 202, 'asking for a run').id;
  const done = await ask("post 'The release is out' to #general on Slack", 'slack');
  await approve(ana, done);
  await runIn(ana, done, 'completed');
  await runIn(ana, await ask("post 'Lunch is at noon' to #general on Slack", 'notion'), 'parked');
  const asking = await ask("post 'Good morning, all tests are green' to #general on Slack", 'slack');
  await runIn(ana, asking, 'parked', 'approval');
  await provider.break(ana.id, 'gmail');
  await until('Ana is told', () => watcher.of('connection.expired').length > 0);
  return asking;
}

async function shoot(visitor: Visitor, { file, path, ready }: Scene): Promise<void> {
  const page = await visitor.open(path);
  await ready(page);
  await page.waitForFunction(() => !document.querySelector('[aria-busy="true"]'));
  const target = `${FOLDER}${file}.png`;
  await page.screenshot({ path: target, animations: 'disabled' });
  const { size } = statSync(target);
  if (size > LARGEST_BYTES) throw new Error(`${file}.png has ${size} bytes, more than ${LARGEST_BYTES}`);
  process.stdout.write(`${file}.png ${(size / 1000).toFixed(0)} kB\n`);
  await page.close();
}

async function operator(stage: BrowserStage): Promise<Visitor> {
  const olga = await stage.visitor({ theme: 'light', viewport: WIDE });
  await shoot(olga, { file: 'sign-in', path: '/auth/sign-in', ready: heading('Sign in') });
  const page = await olga.open('/admin');
  await page.getByLabel('E-mail').fill(OPERATOR.email);
  await page.getByRole('textbox', { name: 'Password' }).fill(OPERATOR.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('link', { name: 'Operators' }).waitFor();
  await page.close();
  return olga;
}

mkdirSync(FOLDER, { recursive: true });
const stage = await openStage({ env: { OPERATOR_EMAILS: OPERATOR.email } });
try {
  const run = await prepare(stage);
  const scenes = scenesOf(run);
  const as = async (options: VisitorOptions): Promise<Visitor> => {
    const visitor = await stage.signedIn(stage.ana, options);
    await visitor.context.route('https://logos.composio.dev/**', (route) => route.abort()); // letters instead of the tests' empty pictures
    return visitor;
  };
  const wide = await as({ theme: 'light', viewport: WIDE });
  for (const scene of scenes) await shoot(wide, scene);
  const phone = await as({ theme: 'light', viewport: PHONE, isMobile: true, hasTouch: true });
  await shoot(phone, { file: 'integrations-phone', ...integrations });
  for (const scene of scenes.filter(({ file }) => file === 'run')) await shoot(phone, { ...scene, file: 'run-phone' });
  const dark = await as({ theme: 'dark', viewport: WIDE });
  await shoot(dark, { file: 'integrations-dark', ...integrations });
  const olga = await operator(stage);
  for (const scene of forOperators) await shoot(olga, scene);
} finally {
  await stage.stop();
}
