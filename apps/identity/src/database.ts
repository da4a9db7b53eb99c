import { messagingTableNames } from '@gatehouse/messaging';
import { defineDatabase } from '@gatehouse/persistence';
import { Migration20261121000000_init } from '../migrations/Migration20261121000000_init.js';
import { Migration20261122000000_operator_acts } from '../migrations/Migration20261122000000_operator_acts.js';
import { Migration20261122000100_retention } from '../migrations/Migration20261122000100_retention.js';
import { SignInTry } from './sign-in-try.entity.js';
import { UserTombstone } from './user-tombstone.entity.js';

/** better-auth's tables: it reads and writes them itself, so they are no entities of ours. */
export const libraryTables = ['user', 'session', 'account', 'verification', 'jwks', 'rateLimit'];

export const database = defineDatabase({
  app: 'identity',
  entities: [UserTombstone, SignInTry],
  migrations: [Migration20261121000000_init, Migration20261122000000_operator_acts, Migration20261122000100_retention],
  skipTables: [...libraryTables, ...messagingTableNames],
});
