import { randomUUID } from 'node:crypto';
import { ConnectionActivated, ConnectionExpired } from '@gatehouse/contracts';
import { sandboxControl, startApp } from '@gatehouse/testing';

process.env.COMPOSIO_DRIVER = 'legacy'; // before any module of the app reads it
const { AppModule } = await import('../src/app.module.js');
const { sweep } = await import('./watching.js');

describe('when Composio cannot list by status', () => {
  it('the sweep reads every page, and finds what is broken among it', async () => {
    const auditor = await startApp(AppModule);
    try {
      const owners = Array.from({ length: 25 }, () => `usr_${randomUUID()}`);
      await sandboxControl.put('/_emulator/project', { pages: { max: 10 } });
      await sandboxControl.post('/_emulator/seed', { accounts: owners.map((owner) => ({ owner, app: 'slack' })) });
      const { items } = await sandboxControl.get<{ items: { id: string; uuid: string; owner: string }[] }>('/_emulator/accounts');
      const activations = items.map(({ uuid, owner }) => ({
        connectionId: randomUUID(),
        userId: owner,
        app: 'slack',
        accountId: uuid,
        epoch: 0,
        reconnected: false,
      }));
      await auditor.deliver(ConnectionActivated, activations);
      const broken = [owners[3], owners[24]];
      for (const owner of broken) await sandboxControl.post('/_emulator/break', { owner, status: 'EXPIRED', webhook: false });
      await sweep(auditor);
      expect((await auditor.told(ConnectionExpired)).map(({ userId, status }) => [userId, status]).sort()).toEqual(
        broken.map((owner) => [owner, 'EXPIRED']).sort(),
      );
      const { items: requests } = await sandboxControl.get<{ items: { path: string; query: Record<string, string> }[] }>(
        '/_emulator/requests',
      );
      const lists = requests.filter(({ path }) => path === '/api/v1/connectedAccounts');
      expect(lists.map(({ query }) => [Number(query.page), query.status])).toEqual([1, 2, 3].map((page) => [page, undefined]));
    } finally {
      await auditor.close();
    }
  });
});
