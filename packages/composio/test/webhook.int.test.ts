import { randomUUID } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { verifyWebhook } from '../src/webhook.js';
import { emulator } from './contract/emulator.js';

const SECRET = 'whsec_dGhlIHNlY3JldCBhcyB0ZXh0';
let server: Server;
let arrived: (delivery: { rawBody: Buffer; headers: IncomingHttpHeaders }) => void;

/** What Composio sends when an account of this owner breaks, in one of the emulator's ways. */
async function delivery(webhooks: string) {
  await emulator.control('PUT', 'project', { webhooks });
  const owner = `usr_${randomUUID()}`;
  const [id] = await emulator.seed({ owner, app: 'slack' });
  const received = new Promise<Parameters<typeof arrived>[0]>((resolve) => {
    arrived = resolve;
  });
  await emulator.control('POST', 'break', { owner, app: 'slack', reason: 'OAuth refresh token expired' });
  const { rawBody, headers } = await received;
  return {
    id,
    read: () => verifyWebhook({ rawBody, headers: headers as Record<string, string>, secrets: ['whsec_next', SECRET], now: new Date() }),
  };
}

beforeAll(async () => {
  server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    response.end();
    arrived({ rawBody: Buffer.concat(parts), headers: request.headers });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/composio`;
  await emulator.control('PUT', 'project', { webhook: { url, secret: SECRET } });
});
afterAll(async () => {
  await emulator.control('PUT', 'project', { webhook: null });
  await new Promise((done) => server.close(done));
});

describe('a webhook of Composio, as it arrives', () => {
  it.each(['normal', 'no-metadata', 'short'])('is accepted when it is %s, and names the account', async (how) => {
    const { id, read } = await delivery(how);
    expect(read()).toMatchObject({ kind: 'account-expired', accountId: id, attempt: 1, eventId: expect.stringMatching(/^msg_/) });
  });

  it.each(['duplicate', 'reordered'])('is accepted when it is %s, and its id tells one from another', async (how) => {
    await emulator.control('PUT', 'project', { webhooks: how });
    const accounts = await emulator.seed(...['a', 'b'].map((name) => ({ owner: `${name}_${randomUUID()}`, app: 'slack' })));
    const received: Parameters<typeof arrived>[0][] = [];
    const all = new Promise<void>((resolve) => {
      arrived = (delivered) => {
        received.push(delivered);
        if (received.length === (how === 'duplicate' ? 4 : 2)) resolve();
      };
    });
    for (const id of accounts) await emulator.control('PATCH', `accounts/${id}`, { status: 'EXPIRED' });
    await all;
    const events = received.map(({ rawBody, headers }) =>
      verifyWebhook({ rawBody, headers: headers as Record<string, string>, secrets: [SECRET], now: new Date() }),
    );
    expect(new Set(events.map(({ eventId }) => eventId)).size).toBe(2);
    expect(new Set(events.map((event) => 'accountId' in event && event.accountId))).toEqual(new Set(accounts));
  });

  it('of a type that nobody documented is accepted, and asks for nothing', async () => {
    expect((await delivery('unknown-type')).read()).toMatchObject({ kind: 'other', type: 'composio.connected_account.updated' });
  });

  it.each([
    ['bad-signature', 'signature'],
    ['old-secret', 'signature'],
    ['stale', 'timestamp'],
  ])('is rejected when it has a %s', async (how, reason) => {
    expect((await delivery(how)).read).toThrow(expect.objectContaining({ name: 'WebhookRejected', reason }));
  });
});
