import { grantsOf, openOrm } from '@gatehouse/persistence';
import { database } from '../src/database.js';

/** Role, table, rights. Policies say which rows of these; what has no policy is guarded by this alone. */
const granted = [
  'notifier_app: contact: delete, insert, select, update',
  'notifier_app: dead_letter: insert',
  'notifier_app: delivery: delete, insert, select',
  'notifier_app: inbox: insert, select, update(outcome)',
  'notifier_app: notification: delete, insert, select, update',
  'notifier_app: outbox: insert',
  'notifier_app: parked_event: delete, insert, select(consumer, event_id, key, ord, topic)',
  'notifier_app: parked_key: select, update',
  'notifier_app: preference: delete, insert, select, update',
  'notifier_app: subject: delete, insert, select, update',
  'notifier_app: user_tombstone: insert, select',
  'notifier_system: contact: select',
  'notifier_system: dead_letter: delete, insert, select, update',
  'notifier_system: delivery: delete, select, update',
  'notifier_system: inbox: delete, insert, select, update',
  'notifier_system: mikro_orm_migrations: select',
  'notifier_system: notification: delete, select',
  'notifier_system: operator_act: insert, select',
  'notifier_system: outbox: delete, insert, select, update',
  'notifier_system: outbox_relay: delete, insert, select, update',
  'notifier_system: outbox_shard: delete, insert, select, update',
  'notifier_system: outbox_stuck: delete, insert, select, update',
  'notifier_system: parked_event: delete, insert, select, update',
  'notifier_system: parked_key: delete, insert, select, update',
  'notifier_system: preference: select, update',
  'notifier_system: subject: delete, select(closed, id, settled_at)',
  'notifier_system: user_tombstone: delete, select(at, id)',
];

it('the roles of the app may do this, and nothing else', async () => {
  const orm = await openOrm(database, process.env.MIGRATION_DATABASE_URL ?? '');
  try {
    expect([...(await grantsOf(orm))].sort()).toEqual([...granted].sort());
  } finally {
    await orm.close();
  }
});
