import { grantsOf, openOrm } from '@gatehouse/persistence';
import { database } from '../src/database.js';

/** Role, table, rights. Policies say which rows of these; what has no policy is guarded by this alone. */
const granted = [
  'identity_app: dead_letter: insert',
  'identity_app: inbox: insert, select, update(outcome)',
  'identity_app: outbox: insert',
  'identity_app: parked_event: delete, insert, select(consumer, event_id, key, ord, topic)',
  'identity_app: parked_key: select, update',
  'identity_auth: user: delete, insert, select, update',
  'identity_auth: account: delete, insert, select, update',
  'identity_auth: jwks: delete, insert, select, update',
  'identity_auth: outbox: insert',
  'identity_auth: rateLimit: delete, insert, select, update',
  'identity_auth: session: delete, insert, select, update',
  'identity_auth: sign_in_try: delete, insert, select, update',
  'identity_auth: user_tombstone: insert, select',
  'identity_auth: verification: delete, insert, select, update',
  'identity_system: user: delete, insert, select, update',
  'identity_system: account: delete, insert, select, update',
  'identity_system: dead_letter: delete, insert, select, update',
  'identity_system: inbox: delete, insert, select, update',
  'identity_system: jwks: delete, insert, select, update',
  'identity_system: mikro_orm_migrations: select',
  'identity_system: operator_act: insert, select',
  'identity_system: outbox: delete, insert, select, update',
  'identity_system: outbox_relay: delete, insert, select, update',
  'identity_system: outbox_shard: delete, insert, select, update',
  'identity_system: outbox_stuck: delete, insert, select, update',
  'identity_system: parked_event: delete, insert, select, update',
  'identity_system: parked_key: delete, insert, select, update',
  'identity_system: rateLimit: delete, insert, select, update',
  'identity_system: session: delete, insert, select, update',
  'identity_system: sign_in_try: delete, insert, select, update',
  'identity_system: user_tombstone: insert, select',
  'identity_system: verification: delete, insert, select, update',
];

it('the roles of the app may do this, and nothing else', async () => {
  const orm = await openOrm(database, process.env.MIGRATION_DATABASE_URL ?? '');
  try {
    expect([...(await grantsOf(orm))].sort()).toEqual([...granted].sort());
  } finally {
    await orm.close();
  }
});
