import { grantsOf, openOrm } from '@gatehouse/persistence';
import { database } from '../src/database.js';

/** Role, table, rights. Policies say which rows of these; what has no policy is guarded by this alone. */
const granted = [
  'auditor_app: candidate: delete, select',
  'auditor_app: dead_letter: insert',
  'auditor_app: drift: delete, select',
  'auditor_app: inbox: insert, select, update(outcome)',
  'auditor_app: outbox: insert',
  'auditor_app: parked_event: delete, insert, select(consumer, event_id, key, ord, topic)',
  'auditor_app: parked_key: select, update',
  'auditor_app: user_tombstone: insert, select',
  'auditor_app: watched_connection: delete, insert, select, update',
  'auditor_system: app_size: insert, select, update',
  'auditor_system: candidate: delete, insert, select, update',
  'auditor_system: cycle: delete, insert, select, update',
  'auditor_system: dead_letter: delete, insert, select, update',
  'auditor_system: drift: delete, insert, select, update',
  'auditor_system: drift_report: delete, insert, select, update',
  'auditor_system: inbox: delete, insert, select, update',
  'auditor_system: mikro_orm_migrations: select',
  'auditor_system: operator_act: insert, select',
  'auditor_system: outbox: delete, insert, select, update',
  'auditor_system: outbox_relay: delete, insert, select, update',
  'auditor_system: outbox_shard: delete, insert, select, update',
  'auditor_system: outbox_stuck: delete, insert, select, update',
  'auditor_system: parked_event: delete, insert, select, update',
  'auditor_system: parked_key: delete, insert, select, update',
  'auditor_system: shard: delete, insert, select, update',
  'auditor_system: user_tombstone: delete, select(at, id)',
  'auditor_system: watched_connection: delete, select, update',
  'auditor_system: webhook_delivery: delete, insert, select',
];

it('the roles of the app may do this, and nothing else', async () => {
  const orm = await openOrm(database, process.env.MIGRATION_DATABASE_URL ?? '');
  try {
    expect([...(await grantsOf(orm))].sort()).toEqual([...granted].sort());
  } finally {
    await orm.close();
  }
});
