import { accountId } from '../../src/entity-id.js';
import { CredentialsRefused, InvalidRequest, OwnerMismatch, OwnerUnproven } from '../../src/errors.js';
import type { Account, AccountFilter, EntityId } from '../../src/port.js';
import { emulator } from './emulator.js';
import { everyPage } from './every-page.js';
import { interactive, type Suite } from './suite.js';

export function reading(suite: Suite): void {
  const { someone } = suite;

  const few = { limit: 4 };
  const everyAccountOf = (owner: EntityId, filter: AccountFilter = {}) =>
    everyPage((cursor) => suite.port.listAccounts({ owner, ...filter, ...few, ...cursor }, interactive));

  describe('reading an account', () => {
    it('says whose it is, and refuses it to anybody else', async () => {
      const owner = someone();
      const id = await suite.account(owner);
      expect(await suite.port.getAccount({ id, owner }, interactive)).toMatchObject({
        id,
        owner,
        app: 'slack',
        status: 'ACTIVE',
        disabled: false,
      });
      await expect(suite.port.getAccount({ id, owner: someone() }, interactive)).rejects.toThrow(OwnerMismatch);
    });

    it('that is gone says so, and a failure never does', async () => {
      const owner = someone();
      const id = await suite.account(owner);
      await emulator.fault({ method: 'GET', account: id }, { status: 500 });
      await expect(suite.port.getAccount({ id, owner }, { ...interactive, timeoutMs: 2_000 })).rejects.toMatchObject({
        name: 'Unavailable',
      });
      await emulator.control('DELETE', 'faults');
      await emulator.fault({ method: 'GET', account: id }, { status: 404, body: '<html>no such page</html>' });
      await expect(suite.port.getAccount({ id, owner }, interactive)).rejects.toMatchObject({ name: 'Misconfigured' });
      await emulator.control('DELETE', 'faults');
      await emulator.control('PATCH', `accounts/${id}`, { deleted: true });
      await expect(suite.port.getAccount({ id, owner }, interactive)).rejects.toMatchObject({ name: 'NotFound', what: 'account' });
    });

    it.each(['INITIALIZING', 'INITIATED', 'ACTIVE', 'FAILED', 'EXPIRED', 'INACTIVE', 'REVOKED'])('knows the status %s', async (status) => {
      const owner = someone();
      const id = await suite.account(owner, 'slack', { status });
      expect(await suite.port.getAccount({ id, owner }, interactive)).toMatchObject({ status, rawStatus: status });
    });

    it('with a status never seen before is unknown, not active', async () => {
      const owner = someone();
      const id = await suite.account(owner);
      await emulator.control('PUT', 'project', { answers: { unknownStatus: 'ACTIVE_SOON', extraFields: true } });
      const account = await suite.port.getAccount({ id, owner }, interactive);
      await emulator.control('PUT', 'project', { answers: { unknownStatus: null, extraFields: false } });
      expect(account).toMatchObject({ status: 'UNKNOWN', rawStatus: 'ACTIVE_SOON' });
    });

    it('tells an attempt that nobody finished from a grant that was lost', async () => {
      const owner = someone();
      const lost = await suite.account(owner, 'slack', { status: 'EXPIRED', statusReason: 'OAuth refresh token expired' });
      const never = await suite.account(owner, 'slack', {
        status: 'EXPIRED',
        statusReason: 'Connection did not complete within 10 minutes',
      });
      expect((await suite.port.getAccount({ id: lost, owner }, interactive)).neverFinished).toBe(false);
      expect((await suite.port.getAccount({ id: never, owner }, interactive)).neverFinished).toBe(true);
    });

    it('whose answer no longer names the owner is proven by asking for it as theirs, or is not proven at all', async () => {
      const owner = someone();
      const id = await suite.account(owner);
      const read = (whose?: EntityId) =>
        suite.port.getAccount(whose ? { id, owner: whose } : { id }, interactive).catch((error: unknown) => error as Account);
      await emulator.control('PUT', 'project', { answers: { omitUserId: true } });
      const answers = [await read(owner), await read(), await read(someone())];
      // A list in which the filter was ignored proves nothing. The account's own read is let through, the list is answered instead.
      await emulator.fault({ account: id }, { latencyMs: 0 });
      const { items } = await emulator.api('GET', `/api/v3.1/connected_accounts?user_ids=${owner}`);
      await emulator.fault({ path: '/connected_accounts' }, { status: 200, body: { items: [...items, ...items], next_cursor: null } });
      answers.push(await read(owner));
      await emulator.control('PUT', 'project', { answers: { omitUserId: false } });
      const [proven, unasked, foreign, unfiltered] = answers;
      expect(unasked).toMatchObject({ owner: null });
      if (suite.driver === 'legacy') return void expect(proven).toBeInstanceOf(OwnerUnproven);
      expect(proven).toMatchObject({ owner });
      expect(foreign).toBeInstanceOf(OwnerMismatch);
      expect(unfiltered).toBeInstanceOf(OwnerUnproven);
    });

    it('of an attempt that nobody finishes is recognised when its ten minutes are over', async () => {
      const owner = someone();
      const returnTo = new URL('http://localhost:3000/back');
      const { accountId: id } = await suite.port.startConnection({ owner, app: 'slack', returnTo }, interactive);
      await emulator.control('POST', 'clock', { advanceMs: 600_000 });
      const account = await suite.port.getAccount({ id, owner }, interactive);
      await emulator.control('POST', 'clock', { set: Date.now() });
      expect(account).toMatchObject({ status: 'EXPIRED', neverFinished: true });
    });

    it('of another project is not known, whatever it is called there', async () => {
      const elsewhere = `${emulator.project}.other`;
      const { accounts } = await emulator.control('POST', 'seed', { accounts: [{ owner: 'ana', app: 'slack' }] }, elsewhere);
      const id = accountId(accounts[0].id);
      await expect(suite.port.getAccount({ id }, interactive)).rejects.toMatchObject({ name: 'NotFound', what: 'account' });
    });
  });

  describe('the label of an account', () => {
    it.each([
      ['slack', 'work@example.com'],
      ['gmail', 'work@example.com'],
      ['github', expect.stringMatching(/^work-/)],
      ['notion', 'work@example.com'],
    ])('of %s names who is signed in there, by one request', async (app, label) => {
      const account = await suite.pinned(someone(), app);
      const requests = await emulator.requestsOf(async () => expect(await suite.port.accountLabel(account, interactive)).toEqual(label));
      expect(requests).toMatchObject([{ method: 'POST', account: account.id }]);
    });

    it('is not read from an account whose credentials are dead', async () => {
      const account = await suite.pinned(someone(), 'gmail', { status: 'EXPIRED' });
      await expect(suite.port.accountLabel(account, interactive)).rejects.toThrow(CredentialsRefused);
    });
  });

  describe('listing accounts', () => {
    it.each([
      ['as documented', { fault: 'none', cursors: 'shifting' }],
      ['with stable cursors', { fault: 'none', cursors: 'stable' }],
      ['with a false "no more"', { fault: 'lying', cursors: 'shifting' }],
    ])('finds every one of the owner and no other, with pages %s', async (_, pages) => {
      const owner = someone();
      const other = someone();
      const own = await Promise.all(Array.from({ length: 11 }, () => suite.account(owner)));
      await suite.account(other);
      await emulator.control('PUT', 'project', { pages });
      const found = await everyAccountOf(owner).finally(() =>
        emulator.control('PUT', 'project', { pages: { fault: 'none', cursors: 'shifting' } }),
      );
      expect(found.map(({ id }) => id).sort()).toEqual(own.sort());
    });

    it('ends when the same page comes again', async () => {
      const owner = someone();
      await Promise.all(Array.from({ length: 9 }, () => suite.account(owner)));
      await emulator.control('PUT', 'project', { pages: { fault: 'repeated' } });
      await everyAccountOf(owner).finally(() => emulator.control('PUT', 'project', { pages: { fault: 'none' } }));
    });

    it('keeps to the filter', async () => {
      const owner = someone();
      const expired = await suite.account(owner, 'gmail', { status: 'EXPIRED' });
      await suite.account(owner, 'gmail');
      await suite.account(owner, 'slack', { status: 'EXPIRED' });
      const requests = await emulator.requestsOf(async () => {
        const found = await everyAccountOf(owner, { statuses: ['EXPIRED'], apps: ['gmail'] });
        expect(found.map(({ id }) => id)).toEqual([expired]);
      });
      expect(new Set(requests.map(({ userIdSent }) => userIdSent))).toEqual(new Set([owner])); // left out, it would be everybody's list
    });

    it('throws when a page fails: an error is never an empty page', async () => {
      const owner = someone();
      await suite.account(owner);
      await emulator.fault({ method: 'GET' }, { garble: 'html' });
      await expect(suite.port.listAccounts({ owner }, { ...interactive, timeoutMs: 2_000 })).rejects.toMatchObject({
        name: 'Unavailable',
        executed: 'no',
      });
    });

    it("is not continued with another owner's cursor", async () => {
      const owner = someone();
      await Promise.all(Array.from({ length: 3 }, () => suite.account(owner)));
      const { next } = await suite.port.listAccounts({ owner, limit: 1 }, interactive);
      await expect(suite.port.listAccounts({ owner: someone(), limit: 1, cursor: next ?? '' }, interactive)).rejects.toThrow(
        InvalidRequest,
      );
    });

    it("of everybody is the auditor's alone, and finds everybody", async () => {
      const owners = [someone(), someone(), someone()];
      for (const owner of owners) await suite.account(owner, 'notion', { status: 'EXPIRED' });
      const filter: AccountFilter = { statuses: ['EXPIRED'], apps: ['notion'], ...few };
      const found = await everyPage((cursor) => suite.audit.listEveryAccount({ ...filter, ...cursor }, { budget: 'sweep' }));
      expect(found.map(({ owner }) => owner)).toEqual(expect.arrayContaining(owners));
      expect('listEveryAccount' in suite.port).toBe(false);
    });
  });

  describe('reading what there is', () => {
    it('lists the apps and says which can be connected', async () => {
      const apps: string[] = [];
      for (let page = await suite.port.listApps({}, interactive); ; page = await suite.port.listApps({ cursor: page.next }, interactive)) {
        for (const { app, connectable } of page.items) if (connectable) apps.push(app);
        if (page.next === null) break;
      }
      expect(apps).toEqual(expect.arrayContaining(['slack', 'gmail', 'github', 'notion']));
    });

    it('gives tools by exact name, in the order asked for, and says which it does not know', async () => {
      const names = ['SLACK_SEND_MESSAGE', 'SLACK_NO_SUCH_TOOL', 'SLACK_LIST_CHANNELS', 'SLACK_UPLOAD_OR_CREATE_A_FILE_IN_SLACK'];
      const { tools, missing } = await suite.port.getTools(names, interactive);
      expect(tools.map(({ name }) => name)).toEqual(names.filter((name) => name !== 'SLACK_NO_SUCH_TOOL'));
      expect(missing).toEqual(['SLACK_NO_SUCH_TOOL']);
      expect(tools.map(({ app }) => app)).toEqual(['slack', 'slack', 'slack']);
      expect(tools.map(({ takesFiles }) => takesFiles)).toEqual([false, false, true]);
      expect(tools[1]?.hints).toMatchObject({ known: true, readOnly: true });
      expect(tools[0]?.version === null).toBe(!suite.port.supports.toolVersions);
    });

    it('is repeated twice at most, and only reads are', async () => {
      const owner = someone();
      const id = await suite.account(owner);
      await emulator.fault({ method: 'GET', account: id }, { status: 503 }, { times: 2 });
      const requests = await emulator.requestsOf(() => suite.port.getAccount({ id, owner }, interactive));
      expect(requests).toHaveLength(3);
      await emulator.fault({ method: 'GET', account: id }, { status: 503 });
      const failed = await emulator.requestsOf(() =>
        expect(suite.port.getAccount({ id, owner }, interactive)).rejects.toMatchObject({ status: 503 }),
      );
      expect(failed).toHaveLength(3);
      await emulator.control('DELETE', 'faults');
      await emulator.fault({ method: 'GET', account: id }, { status: 400 });
      const refused = await emulator.requestsOf(() =>
        expect(suite.port.getAccount({ id, owner }, interactive)).rejects.toThrow(InvalidRequest),
      );
      expect(refused).toHaveLength(1);
    });

    it('takes any number of exact names, fifty a request, and never the important ones of an app', async () => {
      const { items } = await emulator.api('GET', '/api/v3.1/tools?limit=1000');
      const names: string[] = items.map(({ slug }: { slug: string }) => slug).reverse();
      expect(names.length).toBeGreaterThan(60);
      const requests = await emulator.requestsOf(async () => {
        const { tools, missing } = await suite.port.getTools(names, interactive);
        expect(tools.map(({ name }) => name)).toEqual(names);
        expect(missing).toEqual([]);
      });
      for (const { query } of requests) {
        expect((query.tool_slugs ?? query.actions ?? '').split(',').length).toBeLessThanOrEqual(50);
        expect(query).not.toHaveProperty('important');
      }
    });
  });
}
