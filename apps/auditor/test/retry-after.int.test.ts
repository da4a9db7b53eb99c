import { ConnectionExpired } from '@gatehouse/contracts';
import { asSystem } from '@gatehouse/persistence';
import { sandboxControl, startApp } from '@gatehouse/testing';
import { AppModule } from '../src/app.module.js';
import { Shard } from '../src/sweep/shard.entity.js';
import { sweep, watched } from './watching.js';

describe('when Composio limits our calls', () => {
  it('nothing is asked for as long as it says, and nothing is concluded', async () => {
    const auditor = await startApp(AppModule);
    try {
      await watched(auditor, 1);
      const headers = { 'retry-after': '600', 'x-ratelimit': '100' };
      await sandboxControl.post('/_emulator/faults', { effect: { status: 429, body: { message: 'Rate limit exceeded.' }, headers } });
      for (let i = 0; i < 6; i++) await sweep(auditor);
      const { count } = await sandboxControl.get<{ count: number }>('/_emulator/requests');
      expect(count).toBe(1);
      const shards = await asSystem(auditor.em, () => auditor.em.find(Shard, {}));
      expect(shards.filter(({ done }) => done)).toEqual([]);
      const waits = shards.map(({ leaseUntil }) => Math.round(((leaseUntil?.getTime() ?? 0) - Date.now()) / 60_000));
      expect(waits).toEqual(shards.map(() => 10)); // handed back, for those ten minutes
      expect(await auditor.told(ConnectionExpired)).toEqual([]);
    } finally {
      await auditor.close();
    }
  });
});
