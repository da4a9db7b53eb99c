import { asSystem } from '@gatehouse/persistence';
import { startApp } from '@gatehouse/testing';
import { AppModule } from '../src/app.module.js';
import { AuditWorker } from '../src/audit.worker.js';
import { LeaseShards } from '../src/sweep/lease-shards.js';
import { Shard } from '../src/sweep/shard.entity.js';
import { SweepPage } from '../src/sweep/sweep-page.js';
import { watched } from './watching.js';

describe('when the process stops in the middle of a sweep', () => {
  it('reads the page in hand to its end, no other, and leaves the shard to whoever comes first', async () => {
    const auditor = await startApp(AppModule);
    try {
      await watched(auditor, 1);
      const pages = auditor.app.get(SweepPage);
      const worker = auditor.app.get(AuditWorker);
      let read = 0;
      let stopped: Promise<void> | undefined;
      // A shard with pages without end; the stop comes while the first is read.
      pages.execute = async (page) => {
        read += 1;
        stopped ??= worker.beforeApplicationShutdown();
        return page;
      };
      await worker.tick();
      await stopped;
      expect(read).toBe(1);
      const free = await asSystem(auditor.em, () => auditor.app.get(LeaseShards).lease('sweep', 'another'));
      const shards = await asSystem(auditor.em, () => auditor.em.find(Shard, {}));
      expect(shards.filter(({ done }) => done)).toEqual([]);
      expect(free).toMatchObject({ fence: 2 }); // the very shard, though its lease would have lasted for 30 s
    } finally {
      await auditor.close();
    }
  });
});
