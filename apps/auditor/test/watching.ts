import { randomUUID } from 'node:crypto';
import { ConnectionActivated } from '@gatehouse/contracts';
import { asSystem } from '@gatehouse/persistence';
import { sandboxControl, type TestApp } from '@gatehouse/testing';
import { sql } from 'kysely';
import { AuditWorker } from '../src/audit.worker.js';
import { BreaksWorker } from '../src/breaks.worker.js';

export interface Watched {
  connectionId: string;
  userId: string;
  accountId: string;
  app: string;
}

/** Accounts that Composio knows as ACTIVE, each watched: their activation was told. */
export async function watched({ deliver }: TestApp, count: number, app = 'slack'): Promise<Watched[]> {
  const owners = Array.from({ length: count }, () => `usr_${randomUUID()}`);
  const seeded = (await sandboxControl.post('/_emulator/seed', {
    accounts: owners.map((owner) => ({ owner, app, status: 'ACTIVE' })),
  })) as {
    accounts: { id: string; owner: string }[];
  };
  const all = seeded.accounts.map(({ id, owner }) => ({ connectionId: randomUUID(), userId: owner, accountId: id, app }));
  await deliver(
    ConnectionActivated,
    all.map((one) => ({ ...one, epoch: 0, reconnected: false })),
  );
  return all;
}

/** One sweep after another until nothing is left to do. */
export async function sweep({ app }: TestApp): Promise<void> {
  await app.get(AuditWorker).tick();
  await app.get(BreaksWorker).tick();
}

/** Lets the next sweep begin at once, not with the next period: time is not what these tests are about. */
export const again = ({ em }: TestApp) =>
  asSystem(em, () =>
    em.transactional(async (tx) => {
      await sql`delete from shard where kind = 'sweep'`.execute(tx.getKysely());
      await sql`delete from cycle where kind = 'sweep'`.execute(tx.getKysely());
    }),
  );
