import { grantsOf, openOrm } from '@gatehouse/persistence';
import { database } from '../src/database.js';

/** Role, table, rights. Policies say which rows of these; what has no policy is guarded by this alone. */
const granted = [
  'agent_runner_app: approval: insert, select, update',
  'agent_runner_app: dead_letter: insert',
  'agent_runner_app: decision: insert, select',
  'agent_runner_app: decision_head: insert, select, update',
  'agent_runner_app: inbox: insert, select, update(outcome)',
  'agent_runner_app: outbox: insert',
  'agent_runner_app: parked_event: delete, insert, select(consumer, event_id, key, ord, topic)',
  'agent_runner_app: parked_key: select, update',
  'agent_runner_app: run: insert, select, update',
  'agent_runner_app: run_event: insert, select',
  'agent_runner_app: switch: select',
  'agent_runner_app: tool_call: delete, insert, select, update',
  'agent_runner_app: tool_setting: insert, select, update',
  'agent_runner_app: user_lane: insert, select, update',
  'agent_runner_app: user_tombstone: insert, select',
  'agent_runner_checkpoint: run: select, update(fence, lease_until, owner)',
  'agent_runner_system: approval: delete, select, update',
  'agent_runner_system: dead_letter: delete, insert, select, update',
  'agent_runner_system: decision: delete, insert, select',
  'agent_runner_system: decision_head: delete, insert, select, update',
  'agent_runner_system: inbox: delete, insert, select, update',
  'agent_runner_system: mikro_orm_migrations: select',
  'agent_runner_system: operator_act: insert, select',
  'agent_runner_system: outbox: delete, insert, select, update',
  'agent_runner_system: outbox_relay: delete, insert, select, update',
  'agent_runner_system: outbox_shard: delete, insert, select, update',
  'agent_runner_system: outbox_stuck: delete, insert, select, update',
  'agent_runner_system: parked_event: delete, insert, select, update',
  'agent_runner_system: parked_key: delete, insert, select, update',
  'agent_runner_system: run: delete, select, update',
  'agent_runner_system: run_event: delete, insert, select',
  'agent_runner_system: switch: insert, select, update(lift_reason, lifted_at, lifted_by)',
  'agent_runner_system: tool_call: delete, select',
  'agent_runner_system: tool_setting: delete, select',
  'agent_runner_system: user_lane: delete, insert, select, update',
  'agent_runner_system: user_tombstone: delete, select, update',
];

it('the roles of the app may do this, and nothing else', async () => {
  const orm = await openOrm(database, process.env.MIGRATION_DATABASE_URL ?? '');
  try {
    expect([...(await grantsOf(orm))].sort()).toEqual([...granted].sort());
  } finally {
    await orm.close();
  }
});
