import { until } from '../until.js';
import { USER_CREATED } from './broker.js';
import { holdRelay } from './intake.js';
import type { Lab } from './lab.js';
import type { Sizes } from './sizes.js';
import { watchMemory } from './usage.js';
import { userIds } from './users.js';

/** Memory of the connections service, in megabytes: the most that was seen. */
export interface Backlog {
  readonly events: number;
  /** Until a tenth was taken in, and until all was. */
  readonly tenthMb: number;
  readonly peakMb: number;
  /** Events of one key that cannot go on, among as many of others. */
  readonly stuckEvents: number;
  readonly stuckPeakMb: number;
}

/**
 * A million events wait when the service starts; then one key is stuck while more of its events come in than the service could hold. Throws
 * unless every event is where it belongs: done, or queued behind its key in the database, and done when the key goes on.
 */
export async function measureBacklog(lab: Lab, { backlog, stuck }: Sizes): Promise<Backlog> {
  await lab.sql('connections', 'truncate composio_entity, inbox, outbox, parked_key, parked_event');
  await holdRelay(lab, true);
  const from = await lab.broker.ends(USER_CREATED);
  await lab.broker.publish(userIds('backlog', backlog));
  await lab.broker.place('connections', USER_CREATED, from);
  const child = lab.service('connections');
  const memory = watchMemory(child.pid);
  const users = async () => Number((await lab.sql<{ n: string }>('connections', 'select count(*) as n from composio_entity'))[0]?.n);
  await until('a tenth is taken in', async () => (await users()) >= backlog / 10, 120);
  const tenthMb = memory.peak();
  await until('all is taken in', async () => (await users()) === backlog, 300);
  const peakMb = memory.peak();

  memory.reset();
  const [key = ''] = userIds('stuck', 1);
  await lab.sql(
    'connections',
    `insert into parked_key (consumer, topic, key, not_before, attempts) values (1, '${USER_CREATED}', '${key}', now() + interval '1 hour', 1)`,
  );
  const others = userIds('beside', stuck);
  await lab.broker.publish(others.flatMap((user) => [user, key]));
  const queued = async () => Number((await lab.sql<{ n: string }>('connections', 'select count(*) as n from parked_event'))[0]?.n);
  await until('the others are done and the stuck wait', async () => (await users()) === backlog + stuck && (await queued()) === stuck, 120);
  await lab.sql('connections', 'update parked_key set not_before = now()');
  await until('the stuck key went on', async () => (await queued()) === 0 && (await users()) === backlog + stuck + 1, 300);
  const stuckPeakMb = memory.peak();
  memory.stop();
  await lab.processes.stop('connections');
  await holdRelay(lab, false);
  await lab.sql('connections', 'truncate composio_entity, inbox, outbox');
  return { events: backlog, tenthMb, peakMb, stuckEvents: stuck, stuckPeakMb };
}
