import { grantsOf, openOrm } from '@gatehouse/persistence';
import { database } from '../src/database.js';

/** Role, table, rights. Policies say which rows of these; what has no policy is guarded by this alone. */
const granted = [
  'connections_app: account: delete, insert, select, update',
  'connections_app: composio_entity: insert, select, update',
  'connections_app: connection: delete, insert, select, update',
  'connections_app: connection_change: delete, insert, select',
  'connections_app: dead_letter: insert',
  'connections_app: inbox: insert, select, update(outcome)',
  'connections_app: outbox: insert',
  'connections_app: parked_event: delete, insert, select(consumer, event_id, key, ord, topic)',
  'connections_app: parked_key: select, update',
  'connections_app: redemption: delete, insert, select, update',
  'connections_app: switch: select',
  'connections_system: account: delete, select, update',
  'connections_system: composio_entity: delete, select(deleted_at, user_id)',
  'connections_system: connection: delete, select(app, id, removed_at, state, user_id)',
  'connections_system: connection_change: delete, select(at, connection_id, id, state, was)',
  'connections_system: dead_letter: delete, insert, select, update',
  'connections_system: inbox: delete, insert, select, update',
  'connections_system: mikro_orm_migrations: select',
  'connections_system: operator_act: insert, select',
  'connections_system: outbox: delete, insert, select, update',
  'connections_system: outbox_relay: delete, insert, select, update',
  'connections_system: outbox_shard: delete, insert, select, update',
  'connections_system: outbox_stuck: delete, insert, select, update',
  'connections_system: parked_event: delete, insert, select, update',
  'connections_system: parked_key: delete, insert, select, update',
  'connections_system: redemption: delete, select',
  'connections_system: switch: insert, select, update(lift_reason, lifted_at, lifted_by)',
];

it('the roles of the app may do this, and nothing else', async () => {
  const orm = await openOrm(database, process.env.MIGRATION_DATABASE_URL ?? '');
  try {
    expect([...(await grantsOf(orm))].sort()).toEqual([...granted].sort());
  } finally {
    await orm.close();
  }
});
