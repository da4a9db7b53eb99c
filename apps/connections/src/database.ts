import { messagingTableNames } from '@gatehouse/messaging';
import { defineDatabase } from '@gatehouse/persistence';
import { Migration20261121000000_init } from '../migrations/20261121000000_init.js';
import { Redemption } from './callback/redemption.entity.js';
import { Account } from './connections/account.entity.js';
import { Connection } from './connections/connection.entity.js';
import { ComposioEntity } from './users/composio-entity.entity.js';

export const database = defineDatabase({
  app: 'connections',
  entities: [ComposioEntity, Connection, Account, Redemption],
  migrations: [Migration20261121000000_init],
  skipTables: messagingTableNames,
});
