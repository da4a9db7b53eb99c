import { createHmac, randomUUID } from 'node:crypto';
import { ConnectionExpired } from '@gatehouse/contracts';
import { sandboxControl, startApp, type TestApp } from '@gatehouse/testing';
import { AppModule } from '../src/app.module.js';
import { BreaksWorker } from '../src/breaks.worker.js';
import { type Watched, watched } from './watching.js';

const SECRET = 'test-webhook-secret';
const seconds = (minutesAgo = 0) => Math.floor(Date.now() / 1000) - minutesAgo * 60;

describe('a webhook', () => {
  let auditor: TestApp;
  let broken: Watched;
  beforeAll(async () => {
    auditor = await startApp(AppModule, { rawBody: true });
  });
  afterAll(() => auditor.close());
  // Broken at Composio: only a webhook that is taken for good leads to the read that finds it.
  beforeEach(async () => {
    [broken] = (await watched(auditor, 1)) as [Watched];
    await sandboxControl.post('/_emulator/break', { owner: broken.userId, app: 'slack', status: 'EXPIRED', webhook: false });
  });

  const expired = (id: unknown = broken.accountId, more: object = {}) =>
    JSON.stringify({
      id: 'msg',
      type: 'composio.connected_account.expired',
      timestamp: 'x',
      metadata: {},
      data: { id, status: 'EXPIRED' },
      ...more,
    });
  const send = async (body: string, { id = randomUUID() as string, at = seconds(), secret = SECRET, signed = body } = {}) => {
    const signature = `v1,${createHmac('sha256', secret).update(`${id}.${at}.${signed}`).digest('base64')}`;
    const headers = { 'webhook-id': id, 'webhook-timestamp': String(at), 'webhook-signature': signature };
    return (await auditor.as({ kind: 'none' }).post('/webhooks/composio', body, headers)).status;
  };
  const counted = async (outcome: string) => {
    const metrics = await (await fetch(`${auditor.url}/metrics`)).text();
    return Number(new RegExp(`^auditor_webhooks_total\\{outcome="${outcome}"\\} (\\S+)`, 'm').exec(metrics)?.[1] ?? 0);
  };
  const broke = async () => {
    await auditor.app.get(BreaksWorker).tick();
    return (await auditor.told(ConnectionExpired)).filter(({ connectionId }) => connectionId === broken.connectionId).length;
  };

  it('that is genuine breaks the connection, by way of a fresh read', async () => {
    const before = await counted('watched');
    expect(await send(expired())).toBe(200);
    expect(await broke()).toBe(1);
    expect(await counted('watched')).toBe(before + 1);
  });

  it.each([
    ['forged', () => send(expired(), { secret: 'guessed' }), 401],
    ['signed for another body', () => send(expired(), { signed: expired('ca_other') }), 401],
    ['stale', () => send(expired(), { at: seconds(6) }), 401],
    ['of the future', () => send(expired(), { at: seconds(-6) }), 401],
    ['without an account', () => send(expired(undefined, { data: {} })), 401],
    ['with an account that is no id', () => send(expired('ca_1,ca_2')), 401],
    ['no JSON', () => send('{"type":'), 400],
    ['too large to be one', () => send(expired(broken.accountId, { padding: 'x'.repeat(1_200_000) })), 413],
  ])('that is %s is refused, and changes nothing', async (_, sent, status) => {
    expect(await sent()).toBe(status);
    expect(await broke()).toBe(0);
  });

  it('that is replayed does nothing more: what it tells of was settled', async () => {
    const [id, at] = [randomUUID(), seconds()];
    const before = await counted('repeated');
    expect(await send(expired(), { id, at })).toBe(200);
    expect(await broke()).toBe(1);
    for (const time of [at, seconds()]) expect(await send(expired(), { id, at: time })).toBe(200);
    expect(await broke()).toBe(1);
    expect(await counted('repeated')).toBe(before + 2);
  });

  it('about an account that still works breaks nothing, whatever it says', async () => {
    const [fine] = (await watched(auditor, 1)) as [Watched];
    expect(await send(expired(fine.accountId))).toBe(200);
    await auditor.app.get(BreaksWorker).tick();
    expect((await auditor.told(ConnectionExpired)).filter(({ connectionId }) => connectionId === fine.connectionId)).toEqual([]);
  });

  it.each([
    [
      'of a type never heard of',
      'other_type',
      () => send(JSON.stringify({ type: 'composio.connected_account.updated', data: { id: broken.accountId } })),
    ],
    ['about an account that is not watched', 'unwatched', () => send(expired('ca_nobodys'))],
    ['with an id longer than any', 'other_type', () => send(JSON.stringify({ type: 'x' }), { id: 'x'.repeat(4000) })],
  ])('%s is counted, answered 200, and does nothing', async (_, outcome, sent) => {
    const before = await counted(outcome);
    expect(await sent()).toBe(200);
    expect(await counted(outcome)).toBe(before + 1);
    expect(await broke()).toBe(0);
  });
});
