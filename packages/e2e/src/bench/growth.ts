import { until } from '../until.js';
import { USER_CREATED } from './broker.js';
import { type GateResult, measureGate } from './gate.js';
import { holdRelay, watch } from './intake.js';
import type { Lab } from './lab.js';
import type { Sizes } from './sizes.js';
import { rssMb } from './usage.js';
import { userIds } from './users.js';

export interface Grown {
  readonly users: number;
  readonly intakePerSecond: number;
  readonly gate: GateResult;
  readonly rssMb: Readonly<Record<string, number>>;
}
const OTHERS = ['identity', 'agent-runner', 'auditor', 'notifier', 'gateway'] as const;

/** The same figures with more and more users in the tables (`seededUsers` are there already): intake, gate, and what each service holds in memory afterwards. */
export async function measureGrowth(lab: Lab, sizes: Sizes, seededUsers: number, tell: (line: string) => void): Promise<Grown[]> {
  const found: Grown[] = [];
  let seeded = seededUsers;
  for (const users of sizes.growth) {
    if (users > seeded) await seed(lab, seeded + 1, users);
    seeded = users;
    found.push(await measureAt(lab, sizes, users));
    tell(`  ${users} users: ${Math.round(found.at(-1)?.intakePerSecond ?? 0)}/s`);
  }
  return found;
}

async function measureAt(lab: Lab, sizes: Sizes, users: number): Promise<Grown> {
  const { warm, events } = sizes.growthIntake;
  const from = await lab.broker.ends(USER_CREATED);
  await lab.broker.publish(userIds(`grown${users}`, warm + events));
  for (const group of ['connections', 'notifier']) await lab.broker.place(group, USER_CREATED, from);
  await holdRelay(lab, true);
  const side = { database: 'connections' as const, process: 'connections', warm, events, start: () => lab.service('connections') };
  const { perSecond } = await watch(lab, side);
  const sample = userIds('seed', Math.min(users, 100_000), 1);
  const gate = await measureGate(lab, { ...sizes, rounds: Math.min(2, sizes.rounds) }, sample);
  await holdRelay(lab, false);
  for (const app of OTHERS) lab.service(app);
  for (const app of OTHERS) await lab.ready(app);
  await until('the notifier has taken in the same users', async () => (await lab.broker.lag('notifier', USER_CREATED)) === 0, 60);
  const names = ['connections', ...OTHERS];
  const memory = Object.fromEntries(names.map((name) => [name, rssMb(lab.processes.get(name)?.pid ?? 0)]));
  await Promise.all(names.map((name) => lab.processes.stop(name)));
  await lab.sql('connections', 'truncate outbox');
  return { users, intakePerSecond: perSecond, gate, rssMb: memory };
}

/** Users number `first` to `last`, each with an entity, an active connection, its account, a remembered event, a contact and a watched connection. */
export async function seed(lab: Lab, first: number, last: number): Promise<void> {
  const users = `(select 'u-' || md5('seed' || n) as u, n, md5('id' || n)::uuid as id from generate_series(${first}, ${last}) n) s`;
  const run = (database: string, statements: string[]) =>
    lab.sql(database, `set synchronous_commit = off; ${statements.join(';')}; set synchronous_commit = on`);
  await Promise.all([
    run('connections', [
      `insert into composio_entity (user_id, created_at) select u, now() from ${users}`,
      `insert into connection (id, user_id, app, state, account_id, connected_at, created_at) select id, u, 'slack', 'active', 'ca_' || n, now(), now() from ${users}`,
      `insert into account (id, connection_id, user_id, app, account_id, state, expires_at, created_at)
         select gen_random_uuid(), id, u, 'slack', 'ca_' || n, 'active', now(), now() from ${users}`,
      `insert into inbox (consumer, event_id, event_day) select 1, gen_random_uuid(), current_date - (n % 14)::int from ${users}`,
    ]),
    run('notifier', [`insert into contact (user_id, email) select u, u || '@example.com' from ${users}`]),
    run('auditor', [
      `insert into watched_connection (id, user_id, app, account_id, state, epoch) select id, u, 'slack', 'ca_' || n, 'active', 0 from ${users}`,
    ]),
  ]);
  await lab.sql('connections', 'vacuum (analyze) composio_entity, connection, account, inbox');
  await lab.sql('connections', 'checkpoint');
}
