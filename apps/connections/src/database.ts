import { messagingTableNames } from '@gatehouse/messaging';
import { defineDatabase } from '@gatehouse/persistence';
import { Migration20261121000000_init } from '../migrations/20261121000000_init.js';
import { Migration20261122000000_operator_acts } from '../migrations/20261122000000_operator_acts.js';
import { Migration20261122000100_retention } from '../migrations/20261122000100_retention.js';
import { Redemption } from './callback/redemption.entity.js';
import { Account } from './connections/account.entity.js';
import { Connection } from './connections/connection.entity.js';
import { ComposioEntity } from './users/composio-entity.entity.js';

export const database = defineDatabase({
  app: 'connections',
  entities: [ComposioEntity, Connection, Account, Redemption],
  migrations: [Migration20261121000000_init, Migration20261122000000_operator_acts, Migration20261122000100_retention],
  skipTables: messagingTableNames,
});
