import { randomUUID } from 'node:crypto';
import type { Locator, Page } from 'playwright-core';
import { expectStatus, type Run, runIn } from '../story/stage.js';
import { until } from '../until.js';
import { sideways, violations } from './axe.js';
import { act, OPERATOR, openOperatorStage } from './operator.js';
import { inDatabase } from './rows.js';
import type { BrowserStage } from './stage.js';
import type { Visitor } from './visitor.js';

const PAGES = ['health', 'audit', 'drift', 'messaging', 'dead-letters', 'runs', 'users', 'switches'];

describe('an operator', () => {
  let stage: BrowserStage;
  let olga: Visitor;
  beforeAll(async () => {
    stage = await openOperatorStage();
    olga = await stage.visitor();
  }, 120_000);
  afterAll(async () => {
    await olga?.leave();
    await stage?.stop();
  });

  const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name }).waitFor();
  const rowOf = (page: Page, name: RegExp | string) => page.getByRole('row').filter({ has: page.getByRole('rowheader', { name }) });

  it('is the only one who sees these pages: others read why not, and are refused by the gateway', async () => {
    const ana = await stage.signedIn(stage.ana);
    const page = await ana.open('/admin/health');
    await page.getByRole('alert').getByText('These pages are for operators').waitFor();
    expect(await page.getByRole('link', { name: 'Operators' }).count()).toBe(0);
    expect(await page.getByRole('table').count()).toBe(0);
    expect(await violations(page)).toEqual([]);
    expect((await stage.ana.get('/admin/connections/health')).status).toBe(403);
    await ana.leave();
  });

  it('signs in and sees how connections fare, as a chart and as a table', async () => {
    const page = await olga.open('/admin');
    await page.getByLabel('E-mail').fill(OPERATOR.email);
    await page.getByRole('textbox', { name: 'Password' }).fill(OPERATOR.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await heading(page, 'Connections');
    await page.getByRole('link', { name: 'Operators' }).waitFor();
    expect(await rowOf(page, 'Gmail').getByRole('cell').first().innerText()).toBe('2');
    await page.getByRole('img', { name: 'Breaks in the last 30 days, all apps: 0' }).locator('svg').first().waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'As a table' }).click();
    expect(await page.getByRole('table').last().getByRole('row').count()).toBe(31);
    expect(await violations(page)).toEqual([]);
    await page.close();
  });

  it('decides on what was held: nobody is told before, and all are told after a release', async () => {
    const { ana, ben, provider, watcher } = stage;
    for (const { id } of [ana, ben]) await provider.break(id, 'gmail');
    const page = await olga.open('/admin/audit');
    await page.getByRole('button', { name: 'Sweep now' }).click();
    await act(page, { says: 'It looks after 3 active connections', word: 'Sweep now', done: 'The sweep began.' });
    const held = async () => (await inDatabase(stage, 'auditor', `select 1 from candidate where state = 'held'`)).length;
    await until('both are held', async () => (await held()) === 2);
    await page.reload();
    await page.getByText('2 of 2 Gmail connections would break. Nothing was sent.').waitFor();
    expect(watcher.of('connection.expired')).toEqual([]);
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Release' }).click();
    await act(page, { says: '2 Gmail connections break, and their users are asked', word: 'Release', done: '2 connections released.' });
    await page.getByText('Nothing is held.').waitFor();
    await until('both are told', () => watcher.of('connection.expired').length === 2);
    await page.close();
  });

  it('types the number where many are touched, by keyboard alone; without it nothing is done', async () => {
    const page = await olga.context.newPage();
    const done: string[] = [];
    await page.route('**/admin/auditor/held', (route) =>
      route.fulfill({ json: { data: [{ app: 'gmail', held: 51, active: 1000, since: new Date().toISOString() }] } }),
    );
    await page.route('**/admin/auditor/held/gmail/*', (route) => {
      const { dryRun } = route.request().postDataJSON() as { dryRun: boolean };
      if (!dryRun) done.push(route.request().url());
      return route.fulfill({ json: { app: 'gmail', settled: 51, dryRun } });
    });
    await page.goto('/admin/audit');
    await page.getByText('51 of 1,000 Gmail connections would break. Nothing was sent.').waitFor();
    const press = async (name: string) => {
      const button = page.getByRole('button', { name, exact: true }).last();
      for (let tab = 0; tab < 40 && !(await button.evaluate((one) => one === document.activeElement)); tab++)
        await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
    };
    await press('Discard');
    const focused = (field: Locator) => field.and(page.locator(':focus')).waitFor();
    await focused(page.getByLabel('Why?'));
    await page.keyboard.type('their outage');
    await press('See what it touches');
    await focused(page.getByLabel('This touches 51. Type 51 to confirm.'));
    await page.keyboard.type('50');
    await page.keyboard.press('Enter');
    expect(await page.getByRole('dialog').getByRole('button', { name: 'Discard' }).isDisabled()).toBe(true);
    expect(done).toEqual([]);
    await page.keyboard.press('Backspace');
    await page.keyboard.type('1');
    await page.keyboard.press('Enter');
    await page.getByText('51 findings discarded. Nothing was sent.').waitFor();
    expect(done).toHaveLength(1);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await focused(page.getByRole('button', { name: 'Discard' }));
    await page.close();
  });

  it('compares with Composio, which changes nothing, and is offered no repair where there is none', async () => {
    const page = await olga.open('/admin/drift');
    const before = (await inDatabase(stage, 'auditor', 'select 1 from drift_report')).length; // the clock asks for one, too
    await page.getByRole('button', { name: 'Compare now' }).click();
    const reports = page.getByRole('row').filter({ hasText: 'looks only' });
    await reports.nth(before).waitFor();
    await reports.first().getByText('done', { exact: true }).waitFor();
    await page.getByText('Nothing to repair is known.').waitFor();
    expect(await page.getByRole('button', { name: 'Repair' }).isDisabled()).toBe(true);
    await page.close();
  });

  it('gives a dead letter another chance when its fault is gone', async () => {
    const userId = `dora-${randomUUID()}`;
    const sql = (statement: string) => inDatabase(stage, 'connections', statement);
    await sql(`create function broken() returns trigger language plpgsql as $$ begin raise exception 'broken' using errcode = '22000'; end $$;
      create trigger broken before insert on composio_entity for each row when (new.user_id = '${userId}') execute function broken()`);
    await stage.upstream.publish({ type: 'user.created', data: { userId, email: 'dora@example.com' } });
    await until('it died', async () => (await sql('select 1 from dead_letter')).length);
    await sql('drop trigger broken on composio_entity; drop function broken()');
    const page = await olga.open('/admin/dead-letters');
    await page.getByRole('button', { name: /^Details of user\.created/ }).click();
    await page.getByRole('dialog').getByText('First seen').waitFor();
    expect(await page.getByText('dora@example.com').count()).toBe(0);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByLabel('Reason contains').fill('no such reason');
    await page.getByText('No dead letters.').waitFor();
    await page.getByLabel('Reason contains').fill('22000');
    await page.getByRole('button', { name: /^Replay user\.created/ }).waitFor();
    await page.getByRole('button', { name: 'Replay all of these' }).click();
    await act(page, { says: '1 event would be handled once more', word: 'Replay', done: '1 event was queued' });
    await page.getByText('No dead letters.').waitFor();
    await until('its effect', () => stage.watcher.of('entity.created', ({ key }) => key === userId).length === 1);
    await page.close();
  });

  it('stops an app: a run waits in words for its user; one is stopped, the other goes on when the switch is lifted', async () => {
    const { ana } = stage;
    const page = await olga.open('/admin/switches');
    await page.getByText('No switch is known to be set.').waitFor();
    await page.getByLabel('Which one').fill('slack');
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    await act(page, { says: '1 active connection (connections)', word: 'Stop', done: 'connections: stopped.' });
    await rowOf(page, 'Slack').getByText('agent-runner, connections').waitFor();

    const ask = async () => {
      const request = { input: 'list the channels', apps: { required: ['slack'] } };
      return expectStatus(await ana.post<Run>('/v1/runs', request), 202, 'asking for a run').id;
    };
    const [stopped, goesOn] = [await ask(), await ask()];
    for (const id of [stopped, goesOn]) {
      const run = await until('it waits', async () => {
        const { body } = await ana.get<Run>(`/v1/runs/${id}`);
        return body.state === 'parked' && body;
      });
      expect(run.waitingFor?.blockers).toMatchObject([{ message: 'Slack is paused for now.' }]);
    }
    const runs = await olga.open('/admin/runs');
    await runs.getByLabel('State').selectOption('parked');
    const stops = runs.getByRole('button', { name: /^Stop the run of ana-/ });
    await stops.nth(1).waitFor();
    await stops.last().click(); // the oldest
    await act(runs, { says: '1 run of ana-', word: 'Stop', done: 'Stopped.' });
    await runIn(ana, stopped, 'cancelled');
    await stops.nth(1).waitFor({ state: 'detached' });
    await runs.close();

    await page.getByRole('button', { name: 'Lift the switch: Slack' }).click();
    await act(page, { says: '1 live run (agent-runner)', word: 'Lift', done: 'agent-runner: lifted.' });
    await page.getByText('No switch is known to be set.').waitFor();
    await runIn(ana, goesOn, 'completed');
    await page.close();
  });

  it('is told which of two did not answer when a switch was set, and what is set where', async () => {
    const page = await olga.open('/admin/switches');
    await page.route('**/admin/connections/switches', (route) => (route.request().method() === 'POST' ? route.abort() : route.continue()));
    await page.getByLabel('Which one').fill('github');
    await page.getByRole('button', { name: 'Stop', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Why?').fill('half of it');
    await dialog.getByRole('button', { name: 'See what it touches' }).click();
    await dialog.getByText('connections does not answer').waitFor();
    await dialog.getByRole('button', { name: 'Stop', exact: true }).click();
    await dialog.getByText('agent-runner: stopped.').waitFor();
    await dialog.getByRole('alert').getByText('connections does not answer, so nothing was changed there').waitFor();
    await dialog.getByRole('button', { name: 'Close', exact: true }).last().click();
    await rowOf(page, 'GitHub').getByText('Not set in connections.').waitFor();
    await page.close();
  });

  it('reads all that happened to a user, from four apps, and which of them is silent', async () => {
    const page = await olga.open(`/admin/users?user=${stage.ana.id}`);
    for (const [source, what] of [
      ['connections', /connection · broken/],
      ['agent-runner', /run · completed/],
      ['auditor', /audit · broken/],
      ['notifier', /connection\.expired/],
    ] as const)
      await page.getByRole('row').filter({ hasText: source }).filter({ hasText: what }).first().waitFor();
    expect(await page.getByText('list the channels').count()).toBe(0);
    expect(await violations(page)).toEqual([]);
    await page.route('**/admin/auditor/users/**', (route) => route.fulfill({ status: 503, json: { code: 'unavailable' } }));
    await page.reload();
    await page.getByRole('alert').getByRole('listitem').filter({ hasText: 'auditor' }).waitFor();
    await page.getByRole('row').filter({ hasText: 'agent-runner' }).first().waitFor();
    await page.close();
  });

  it('never reads a zero where a source did not answer', async () => {
    const page = await olga.open('/admin/messaging');
    await page.route('**/admin/notifier/messaging', (route) => route.fulfill({ status: 503, json: { code: 'unavailable' } }));
    await page.reload();
    const silent = page.getByRole('region', { name: 'notifier', exact: true });
    await silent.getByText('notifier does not answer. Nothing is known').waitFor();
    expect(await silent.getByText('0', { exact: true }).count()).toBe(0);
    await page.getByRole('region', { name: 'connections', exact: true }).getByText('Not told yet').waitFor();
    await page.close();
  });

  it('can use each page in German, in the dark and on a phone, with nothing wider than the window', async () => {
    const { cookies } = await olga.context.storageState();
    const phone = await stage.visitor({ theme: 'dark', language: 'de', viewport: { width: 320, height: 700 } });
    const url = stage.gateway.replace(/^http:/, 'https:');
    await phone.context.addCookies(cookies.map(({ name, value }) => ({ name, value, url, secure: true, httpOnly: true, sameSite: 'Lax' })));
    const page = await phone.open('/admin/health');
    for (const name of PAGES) {
      await page.goto(name === 'users' ? `/admin/users?user=${stage.ana.id}` : `/admin/${name}`);
      await page.getByRole('navigation', { name: 'Seiten für Betreiber' }).waitFor();
      await page.waitForFunction(() => !document.querySelector('[aria-busy]'));
      expect({ name, wider: await sideways(page) }).toEqual({ name, wider: 0 });
      expect({ name, found: await violations(page) }).toEqual({ name, found: [] });
    }
    await phone.leave();
  });
});
