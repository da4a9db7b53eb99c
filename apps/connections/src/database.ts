import { messagingTableNames } from '@gatehouse/messaging';
import { defineDatabase } from '@gatehouse/persistence';
import { switchTableNames } from '@gatehouse/switches';
import { Migration20261121000000_init } from '../migrations/20261121000000_init.js';
import { Migration20261122000000_operator_acts } from '../migrations/20261122000000_operator_acts.js';
import { Migration20261122000100_retention } from '../migrations/20261122000100_retention.js';
import { Migration20261123000000_history } from '../migrations/20261123000000_history.js';
import { Migration20261123500000_switches } from '../migrations/20261123500000_switches.js';
import { Migration20261123500100_health } from '../migrations/20261123500100_health.js';
import { Redemption } from './callback/redemption.entity.js';
import { Account } from './connections/account.entity.js';
import { Connection } from './connections/connection.entity.js';
import { ConnectionChange } from './connections/connection-change.entity.js';
import { ComposioEntity } from './users/composio-entity.entity.js';

export const database = defineDatabase({
  app: 'connections',
  entities: [ComposioEntity, Connection, ConnectionChange, Account, Redemption],
  migrations: [
    Migration20261121000000_init,
    Migration20261122000000_operator_acts,
    Migration20261122000100_retention,
    Migration20261123000000_history,
    Migration20261123500000_switches,
    Migration20261123500100_health,
  ],
  skipTables: [...messagingTableNames, ...switchTableNames],
});
