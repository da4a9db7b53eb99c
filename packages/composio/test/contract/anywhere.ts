import { randomUUID } from 'node:crypto';
import { accountId } from '../../src/entity-id.js';
import { ConnectSessionGone, OwnerMismatch } from '../../src/errors.js';
import type { AppInfo } from '../../src/port.js';
import { everyPage } from './every-page.js';
import { interactive, type Place, runs } from './suite.js';

const returnTo = new URL('https://gatehouse.example/connect/return?attempt=1');

/** What must hold at the emulator and at real Composio alike. Reads, and one attempt to connect, which is removed again. */
export function anywhere(place: Place): void {
  const nobodys = () => accountId(place.driver === 'core' ? `ca_${randomUUID().replaceAll('-', '').slice(0, 12)}` : randomUUID());

  describe('wherever Composio is', () => {
    it('an account that works is active, private and of its owner; to anybody else it is refused', async () => {
      const { id, owner, app } = await place.given();
      const account = await place.port.getAccount({ id, owner }, interactive);
      expect(account).toMatchObject({ id, owner, app, status: 'ACTIVE', disabled: false, neverFinished: false });
      await expect(place.port.getAccount({ id, owner: place.someone() }, interactive)).rejects.toThrow(OwnerMismatch);
    });

    it('one that does not exist is not found', async () => {
      await expect(place.port.getAccount({ id: nobodys() }, interactive)).rejects.toMatchObject({ name: 'NotFound', what: 'account' });
    });

    it("the owner's list has it, and another's list has nothing", async () => {
      const { id, owner } = await place.given();
      const listOf = (whose: typeof owner) => everyPage((cursor) => place.port.listAccounts({ owner: whose, ...cursor }, interactive));
      const found = await listOf(owner);
      expect(found.flatMap((account) => [account.id, ...account.otherIds])).toContain(id);
      expect(found.filter((account) => account.owner !== null && account.owner !== owner)).toEqual([]);
      expect(await listOf(place.someone())).toEqual([]);
    });

    it('its app is listed, and so is whether it can be connected', async () => {
      const { app } = await place.given();
      const apps: AppInfo[] = await everyPage((cursor) => place.port.listApps({ search: app, ...cursor }, interactive));
      expect(apps.find((info) => info.app === app)).toMatchObject({ name: expect.any(String), connectable: expect.any(Boolean) });
    });

    it('tools are given by exact name, and an unknown one is missing', async () => {
      const names = ['SLACK_SEND_MESSAGE', 'SLACK_NO_SUCH_TOOL', 'GMAIL_SEND_EMAIL'];
      const { tools, missing } = await place.port.getTools(names, interactive);
      expect(tools.map(({ name, app }) => [name, app])).toEqual([
        ['SLACK_SEND_MESSAGE', 'slack'],
        ['GMAIL_SEND_EMAIL', 'gmail'],
      ]);
      expect(missing).toEqual(['SLACK_NO_SUCH_TOOL']);
    });

    it('a read is executed with the account that is named, and says who is signed in there', async () => {
      const label = await place.port.accountLabel(await place.given(), interactive);
      expect(label === null || label.length > 0).toBe(true);
    });

    it("nothing is executed with another's account, with one of another app, or with one that does not exist", async () => {
      const account = await place.given();
      const tool = `${account.app.toUpperCase()}_NO_SUCH_TOOL`;
      const call = { owner: account.owner, account, tool, version: null, arguments: {}, callId: `contract-${randomUUID()}` };
      await expect(place.port.executeTool({ ...call, owner: place.someone() }, runs)).rejects.toThrow(OwnerMismatch);
      await expect(place.port.executeTool({ ...call, tool: 'NOTHING_NO_SUCH_TOOL' }, runs)).rejects.toThrow(OwnerMismatch);
      await expect(place.port.executeTool(call, runs)).rejects.toMatchObject({ name: 'NotFound', what: 'tool' });
    });

    it('an attempt to connect is of the one who asked, is not active, and can be removed', async () => {
      const owner = place.someone();
      const { app } = await place.given();
      const started = await place.port.startConnection({ owner, app, returnTo }, interactive);
      try {
        const account = await place.port.getAccount({ id: started.accountId, owner }, interactive);
        expect(account).toMatchObject({ owner, app, neverFinished: false });
        expect(['INITIALIZING', 'INITIATED']).toContain(account.status);
      } finally {
        const removal = await place.port.removeAccount({ id: started.accountId, owner, revoke: false }, interactive);
        expect(removal).toMatchObject({ revoke: 'not-asked', remove: 'deleted' });
      }
      await expect(place.port.getAccount({ id: started.accountId, owner }, interactive)).rejects.toMatchObject({ name: 'NotFound' });
    });

    it('a session that nobody began completes nothing', async () => {
      const sessionUri = `session_${randomUUID()}`;
      await expect(place.port.completeConnection({ sessionUri, signedIn: place.someone() }, interactive)).rejects.toThrow(
        ConnectSessionGone,
      );
    });
  });
}
