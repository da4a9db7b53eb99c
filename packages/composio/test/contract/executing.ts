import { randomUUID } from 'node:crypto';
import { CredentialsRefused, InvalidRequest, OwnerMismatch } from '../../src/errors.js';
import type { PinnedAccount } from '../../src/port.js';
import { emulator } from './emulator.js';
import { itWhereSupported, runs, type Suite } from './suite.js';

const ARGUMENTS = { channel: '#general', text: 'hello' };

/** What the run's user asks for, with an account of theirs. */
export const aCall = (account: PinnedAccount, more: Partial<Parameters<Suite['port']['executeTool']>[0]> = {}) => ({
  owner: account.owner,
  account,
  tool: 'SLACK_SEND_MESSAGE',
  version: null,
  arguments: ARGUMENTS,
  callId: `call-${randomUUID()}`,
  ...more,
});

export function executing(suite: Suite): void {
  const { someone, pinned } = suite;
  const effectsOf = async (callId: string) => (await emulator.control('GET', `effects?callId=${callId}`)).items;

  describe('executing a tool', () => {
    it('does it once, with this account, in one request, and says what came of it', async () => {
      const account = await pinned(someone());
      const call = aCall(account);
      const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
      const requests = await emulator.requestsOf(async () => {
        expect(await suite.port.executeTool(call, { ...runs, traceparent })).toMatchObject({ ok: true, logId: expect.any(String) });
      });
      expect(requests).toMatchObject([{ method: 'POST', account: account.id, callId: call.callId, traceparent }]);
      expect(requests[0]?.userIdSent).toBe(suite.port.supports.ownerSentWithExecute ? account.owner : null);
      expect(await effectsOf(call.callId)).toMatchObject([{ owner: account.owner, tool: call.tool, arguments: ARGUMENTS }]);
    });

    it("sends nothing with an account that is not the run's user's", async () => {
      const account = await pinned(someone());
      const requests = await emulator.requestsOf(() =>
        expect(suite.port.executeTool(aCall(account, { owner: someone() }), runs)).rejects.toThrow(OwnerMismatch),
      );
      expect(requests).toEqual([]);
    });

    it('sends nothing with an account of another app', async () => {
      const account = await pinned(someone(), 'gmail');
      const requests = await emulator.requestsOf(() => expect(suite.port.executeTool(aCall(account), runs)).rejects.toThrow(OwnerMismatch));
      expect(requests).toEqual([]);
    });

    it("never uses one person's account for another, in a thousand random pairs", async () => {
      const people = await Promise.all(Array.from({ length: 25 }, () => pinned(someone())));
      const anybody = () => people[Math.floor(Math.random() * people.length)] as PinnedAccount;
      const allowed = new Map<string, string>();
      const requests = await emulator.requestsOf(async () => {
        for (let pair = 0; pair < 1_000; pair += 1) {
          const account = anybody();
          const call = aCall(account, { owner: anybody().owner });
          if (call.owner === account.owner) {
            allowed.set(call.callId, call.owner);
            expect(await suite.port.executeTool(call, runs)).toMatchObject({ ok: true });
          } else await expect(suite.port.executeTool(call, runs)).rejects.toThrow(OwnerMismatch);
        }
      });
      expect(requests.map(({ callId, accountOwner }) => [callId, accountOwner])).toEqual([...allowed]);
    });

    it('uses the account that is named, not the newest, a default or the only active one', async () => {
      const owner = someone();
      const [oldest, named] = [await pinned(owner), await pinned(owner)];
      await pinned(owner);
      const call = aCall(named);
      await suite.port.executeTool(call, runs);
      const { items } = await emulator.control('GET', `accounts?owner=${owner}`);
      const [effect] = await effectsOf(call.callId);
      expect(effect.account).toBe(items[1].id);
      await emulator.control('PATCH', `accounts/${oldest.id}`, { status: 'EXPIRED' });
      await expect(suite.port.executeTool(aCall(oldest), runs)).rejects.toThrow(CredentialsRefused);
    });

    itWhereSupported(suite, 'ownerSentWithExecute', 'is refused by Composio, too, when the verdict named the wrong owner', async () => {
      const account = await pinned(someone());
      const owner = someone();
      const call = aCall({ ...account, owner });
      await expect(suite.port.executeTool(call, runs)).rejects.toMatchObject({ name: 'OwnerMismatch', composioCode: 1812 });
      expect(await effectsOf(call.callId)).toEqual([]);
    });

    itWhereSupported(suite, 'toolVersions', 'runs the version that was read, and no other', async () => {
      const account = await pinned(someone());
      const { tools } = await suite.port.getTools(['SLACK_SEND_MESSAGE'], runs);
      expect(await suite.port.executeTool(aCall(account, { version: tools[0]?.version ?? 'none' }), runs)).toMatchObject({ ok: true });
      await expect(suite.port.executeTool(aCall(account, { version: '20200101_00' }), runs)).rejects.toThrow(InvalidRequest);
    });

    it('reads the refusals in their other spelling, too', async () => {
      const account = await pinned(someone());
      const expired = await pinned(account.owner, 'slack', { status: 'EXPIRED' });
      const gone = await pinned(account.owner);
      await emulator.control('PATCH', `accounts/${gone.id}`, { deleted: true });
      await emulator.control('PUT', 'project', { answers: { envelope: 'error_code' } });
      const answers = await Promise.allSettled([expired, gone].map((one) => suite.port.executeTool(aCall(one), runs)));
      await emulator.control('PUT', 'project', { answers: { envelope: 'code' } });
      expect(answers).toMatchObject([{ reason: { name: 'CredentialsRefused' } }, { reason: { name: 'NotFound', what: 'account' } }]);
    });

    it('sends no argument that would be taken for a file', async () => {
      const account = await pinned(someone(), 'notion');
      await emulator.control('PUT', 'project', { logBodies: true });
      const given = { query: 'x', deep: [{ A_Schema_Parsed_File: '/etc/passwd', kept: 1 }], file_schema_parsed_file: '/etc/passwd' };
      const requests = await emulator
        .requestsOf(() =>
          suite.port.executeTool(aCall(account, { tool: 'NOTION_SEARCH_NOTION_PAGE', arguments: given }), runs).catch(() => undefined),
        )
        .finally(() => emulator.control('PUT', 'project', { logBodies: false }));
      expect(requests[0]?.body?.arguments ?? requests[0]?.body?.input).toEqual({ query: 'x', deep: [{ kept: 1 }] });
    });

    it('tells the agent what does not fit, without a request, once it knows the tool', async () => {
      const account = await pinned(someone());
      await suite.port.getTools(['SLACK_SEND_MESSAGE'], runs);
      const requests = await emulator.requestsOf(async () => {
        const outcome = await suite.port.executeTool(aCall(account, { arguments: { channel: 7, text: 'secret' } }), runs);
        expect(outcome).toMatchObject({ ok: false, cause: 'tool', message: expect.stringContaining('/channel') });
        expect(JSON.stringify(outcome)).not.toContain('secret');
      });
      expect(requests).toEqual([]);
    });

    it('says that the credentials were refused: expired (410, 1820), disabled (422), or by the provider (200)', async () => {
      const expired = await pinned(someone(), 'slack', { status: 'EXPIRED' });
      await expect(suite.port.executeTool(aCall(expired), runs)).rejects.toThrow(CredentialsRefused);
      const inactive = await pinned(someone(), 'slack', { status: 'INACTIVE' });
      await expect(suite.port.executeTool(aCall(inactive), runs)).rejects.toThrow(CredentialsRefused);
      const refused = await pinned(someone());
      await emulator.control('PATCH', `accounts/${refused.id}`, { providerHealth: 'refuse' });
      expect(await suite.port.executeTool(aCall(refused), runs)).toMatchObject({ ok: false, cause: 'credentials' });
      await emulator.control('PATCH', `accounts/${refused.id}`, { providerHealth: 'limit' });
      expect(await suite.port.executeTool(aCall(refused), runs)).toMatchObject({ ok: false, cause: 'provider-limit' });
    });

    it('says what is gone: the account, the tool, or a tool that was withdrawn (410 without 1820)', async () => {
      const account = await pinned(someone());
      const gone = { ...account, id: (await pinned(account.owner)).id };
      await emulator.control('PATCH', `accounts/${gone.id}`, { deleted: true });
      await expect(suite.port.executeTool(aCall(gone), runs)).rejects.toMatchObject({ name: 'NotFound', what: 'account' });
      for (const tool of ['SLACK_NO_SUCH_TOOL', 'SLACK_CHAT_POST_MESSAGE']) {
        await expect(suite.port.executeTool(aCall(account, { tool }), runs)).rejects.toMatchObject({ name: 'NotFound', what: 'tool' });
      }
    });

    it.each([
      [403, undefined],
      [409, InvalidRequest],
      [422, CredentialsRefused],
    ])('keeps the status %i, which the old SDK loses', async (status, error) => {
      const account = await pinned(someone());
      await emulator.fault({ path: 'execute' }, { status });
      const call = suite.port.executeTool(aCall(account), runs);
      if (error) await expect(call).rejects.toThrow(error);
      else expect(await call).toMatchObject({ ok: false, cause: 'tool' });
    });

    it('takes an old path that is gone for a fault of the operator, a known 410 for what it says', async () => {
      const account = await pinned(someone());
      await emulator.fault({ path: 'execute' }, { status: 410, body: { type: 'Gone', name: 'Gone', message: 'This version was removed' } });
      const failure = await suite.port.executeTool(aCall(account), runs).catch((error: Error) => error);
      expect(failure).toMatchObject(
        suite.driver === 'legacy' ? { name: 'Misconfigured', status: 410 } : { name: 'NotFound', what: 'tool' },
      );
      await emulator.control('DELETE', 'faults');
      await emulator.fault({ path: 'execute' }, { status: 410, body: { error: { message: 'is in EXPIRED state', error_code: 1820 } } });
      await expect(suite.port.executeTool(aCall(account), runs)).rejects.toThrow(CredentialsRefused);
    });

    it('refuses what is no tool name: it becomes part of a path', async () => {
      const account = await pinned(someone());
      await expect(suite.port.executeTool(aCall(account, { tool: 'SLACK_../../x' }), runs)).rejects.toThrow(InvalidRequest);
    });
  });
}
