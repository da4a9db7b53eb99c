import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { eventually } from '@gatehouse/testing';
import { type Sandbox, startSandbox } from './sandbox.js';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

const accounts = '/api/v3.1/connected_accounts';
const complete = (session_uri: string, user_id: string) => ({ session_uri, user_id });

describe('when a verifier is configured', () => {
  async function allowed(name: string) {
    const project = sandbox.project(name);
    await project.control('PUT', 'project', { verifierUrl: 'http://localhost:3000/connect/verify' });
    const attempt = await project.connect('ana');
    return { project, attempt, sessionUri: attempt.to.searchParams.get('session_uri') ?? '' };
  }

  it('allowing activates nothing and sends the browser to the verifier with the session alone', async () => {
    const { project, attempt } = await allowed('verify-1');
    expect(attempt.to.origin + attempt.to.pathname).toBe('http://localhost:3000/connect/verify');
    expect([...attempt.to.searchParams.keys()]).toEqual(['session_uri']);
    expect((await project.ask('GET', `${accounts}/${attempt.id}`)).body.status).toBe('INITIATED');
  });

  it('the session is redeemed once, for the user who started', async () => {
    const { project, attempt, sessionUri } = await allowed('verify-2');
    const first = await project.ask('POST', `${accounts}/complete_auth`, complete(sessionUri, 'ana'));
    expect(first).toMatchObject({ status: 200, body: { connected_account_id: attempt.id, toolkit_slug: 'slack' } });
    expect((await project.ask('GET', `${accounts}/${attempt.id}`)).body.status).toBe('ACTIVE');
    const second = await project.ask('POST', `${accounts}/complete_auth`, complete(sessionUri, 'ana'));
    expect(second).toMatchObject({ status: 404, body: { error: { message: 'auth session not found or expired' } } });
  });

  it('another user is refused, the account fails for good, and the session is burnt for the right one, too', async () => {
    const { project, attempt, sessionUri } = await allowed('verify-3');
    expect(await project.ask('POST', `${accounts}/complete_auth`, complete(sessionUri, 'mallory'))).toMatchObject({
      status: 400,
      body: { error: { message: 'identity mismatch' } },
    });
    expect((await project.ask('POST', `${accounts}/complete_auth`, complete(sessionUri, 'ana'))).status).toBe(404);
    expect((await project.ask('GET', `${accounts}/${attempt.id}`)).body).toMatchObject({
      status: 'FAILED',
      status_reason: 'IDENTITY_VERIFICATION_FAILED',
    });
  });

  it('a session older than ten minutes is gone, and its account expired', async () => {
    const { project, attempt, sessionUri } = await allowed('verify-4');
    await project.control('POST', 'clock', { advanceMs: 10 * 60_000 });
    expect((await project.ask('POST', `${accounts}/complete_auth`, complete(sessionUri, 'ana'))).status).toBe(404);
    expect((await project.ask('GET', `${accounts}/${attempt.id}`)).body).toMatchObject({
      status: 'EXPIRED',
      status_reason: expect.stringContaining('INITIATION_TIMEOUT'),
    });
  });

  it('the key of another project finds no such account, and the session is burnt', async () => {
    const { project, sessionUri, attempt } = await allowed('verify-5');
    const other = await sandbox.project('verify-other').ask('POST', `${accounts}/complete_auth`, complete(sessionUri, 'ana'));
    expect(other).toMatchObject({ status: 404, body: { error: { message: `Connected account "${attempt.id}" not found` } } });
    expect((await project.ask('POST', `${accounts}/complete_auth`, complete(sessionUri, 'ana'))).status).toBe(404);
  });

  it.each(['', ' ', 'default', 'DEFAULT'])('nobody connects as %j', async (user) => {
    const { project } = await allowed('verify-6');
    const answer = await project.ask('POST', `${accounts}/link`, { auth_config_id: 'ac_slack', user_id: user });
    expect(answer.status).toBe(400);
  });
});

describe('when no verifier is configured', () => {
  it('allowing activates and comes back with what the caller had and the account', async () => {
    const project = sandbox.project('plain');
    const { id, to } = await project.connect('ana');
    expect(Object.fromEntries(to.searchParams)).toEqual({ mine: '1', status: 'success', connected_account_id: id });
    expect((await project.ask('GET', `${accounts}/${id}`)).body.status).toBe('ACTIVE');
  });

  it('a person may sign in there as anybody: whom, the account remembers', async () => {
    const project = sandbox.project('plain-someone');
    const { id, link } = await project.connect('ana', 'leave');
    await project.control('PUT', 'project', { sameBrowserBinding: false });
    await sandbox.ask('POST', `/link/${link}/decide`, {
      form: { decision: 'allow', identity: 'work@example.com', someone: 'mallory@example.org' },
    });
    expect((await project.control('GET', 'accounts?owner=ana')).items).toMatchObject([{ id, identity: 'mallory@example.org' }]);
  });

  it('denying says so at once, and the attempt expires later', async () => {
    const project = sandbox.project('plain-deny');
    const { id, to } = await project.connect('ana', 'deny');
    expect(to.searchParams.get('error')).toBe('access_denied');
    expect((await project.ask('GET', `${accounts}/${id}`)).body.status).toBe('INITIATED');
  });

  it('a link works once, and only in the browser that opened it', async () => {
    const project = sandbox.project('plain-form');
    const { link } = await project.connect('ana', 'leave');
    await sandbox.ask('GET', `/link/${link}`);
    const foreign = await sandbox.ask('POST', `/link/${link}/decide`, { form: { decision: 'allow', identity: 'home@example.com' } });
    expect(foreign.location).toContain('error=browser_mismatch');
    expect((await sandbox.ask('GET', `/link/${link}`)).status).toBe(410);
  });

  it('the consent page asks by a plain form, and escapes what it shows', async () => {
    const { link } = await sandbox.project('plain-page').connect('ana', 'leave');
    const { body } = await sandbox.ask('GET', `/link/${link}/consent`);
    expect(body).toContain(`<form method="post" action="/link/${link}/decide">`);
    expect(body).not.toContain('<script');
  });
});

describe('when an account is broken at the provider', () => {
  it('one signed webhook tells of it, again until it is taken, with the same id', async () => {
    const received: { headers: Record<string, string>; body: string }[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        received.push({ headers: request.headers as Record<string, string>, body });
        response.writeHead(received.length < 2 ? 500 : 200).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const project = sandbox.project('hooks');
    await project.control('PUT', 'project', { webhook: { url: `http://127.0.0.1:${port}/hook`, secret: 'whsec_as_it_is' } });
    await project.control('POST', 'clock', { stop: true });
    const { id } = await project.connect('ana');
    expect(await project.control('POST', 'break', { owner: 'ana', app: 'slack' })).toEqual({ accounts: [id] });
    await eventually(async () => expect((await project.control('GET', 'webhooks')).items[0].attempts[0].status).toBe(500));
    await project.control('POST', 'clock', { advanceMs: 5_000 });
    await new Promise((resolve) => server.close(resolve));

    expect(received).toHaveLength(2);
    const [first, second] = received;
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(second?.headers['x-composio-delivery-attempt']).toBe('2');
    expect(JSON.parse(second?.body ?? '')).toMatchObject({ type: 'composio.connected_account.expired', data: { id, status: 'EXPIRED' } });
    const signed = `${second?.headers['webhook-id']}.${second?.headers['webhook-timestamp']}.${second?.body}`;
    const signature = createHmac('sha256', 'whsec_as_it_is').update(signed).digest('base64');
    expect(second?.headers['webhook-signature']).toBe(`v1,${signature}`);
  });
});

describe('when webhooks are to go wrong', () => {
  async function deliveries(webhooks: string, breaks: number) {
    const project = sandbox.project(`hooks-${webhooks}`);
    const received: { id: string; account: string }[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        received.push({ id: request.headers['webhook-id'] as string, account: JSON.parse(body).data.id });
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    await project.control('PUT', 'project', { webhook: { url: `http://127.0.0.1:${port}/`, secret: 'whsec_as_it_is' }, webhooks });
    await project.control('POST', 'clock', { stop: true });
    const ids: string[] = [];
    for (let broken = 0; broken < breaks; broken += 1) ids.push((await project.connect(`u${broken}`)).id);
    for (const id of ids) await project.control('PATCH', `accounts/${id}`, { status: 'EXPIRED' });
    return { project, ids, received, stop: () => new Promise((resolve) => server.close(resolve)) };
  }

  it('one is sent twice with one id, two in the other order, one late, and one never', async () => {
    const duplicate = await deliveries('duplicate', 1);
    await eventually(() => expect(duplicate.received).toHaveLength(2));
    expect(duplicate.received[0]).toEqual(duplicate.received[1]);
    const reordered = await deliveries('reordered', 2);
    await eventually(() => expect(reordered.received.map(({ account }) => account)).toEqual([...reordered.ids].reverse()));
    const late = await deliveries('late', 1);
    expect(late.received).toEqual([]);
    await late.project.control('POST', 'clock', { advanceMs: 180_000 });
    expect(late.received).toHaveLength(1);
    const none = await deliveries('none', 1);
    await none.project.control('POST', 'clock', { advanceMs: 3_600_000 });
    expect(none.received).toEqual([]);
    for (const { stop } of [duplicate, reordered, late, none]) await stop();
  });
});

describe('when accounts are listed', () => {
  it('pages are small, bounded without a word, and complete by following the cursor', async () => {
    const project = sandbox.project('pages');
    await project.control('POST', 'seed', { generate: { users: 30, appsPerUser: 4, expiredShare: 0.5 } });
    const seen: string[] = [];
    let cursor = '';
    do {
      const { body } = await project.ask('GET', `${accounts}?limit=1000${cursor && `&cursor=${cursor}`}`);
      expect(body.items.length).toBeLessThanOrEqual(50);
      seen.push(...body.items.map(({ id }: { id: string }) => id));
      cursor = body.next_cursor ?? '';
    } while (cursor);
    expect(new Set(seen).size).toBe(120);
    expect((await project.ask('GET', accounts)).body.items).toHaveLength(10);
  });

  it('a project sees nothing of another, and a key that is not of the sandbox sees nothing at all', async () => {
    const { id } = await sandbox.project('mine').connect('ana');
    expect((await sandbox.project('yours').ask('GET', `${accounts}/${id}`)).status).toBe(404);
    expect((await sandbox.ask('GET', accounts, { headers: { 'x-api-key': 'ak_real_key' } })).status).toBe(401);
  });

  it('a scoped key may do its part only', async () => {
    const project = sandbox.project('scoped');
    const auditor = { 'x-api-key': `${project.key}_auditor` };
    expect((await project.ask('GET', accounts, undefined, auditor)).status).toBe(200);
    expect((await project.ask('GET', '/api/v3.1/tools', undefined, auditor)).status).toBe(401);
  });
});
