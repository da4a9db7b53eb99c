import { messagingTableNames } from '@gatehouse/messaging';
import { defineDatabase } from '@gatehouse/persistence';
import { Migration20261121000000_init } from '../migrations/Migration20261121000000_init.js';
import { Migration20261122000000_operator_acts } from '../migrations/Migration20261122000000_operator_acts.js';
import { Migration20261122000100_retention } from '../migrations/Migration20261122000100_retention.js';
import { Migration20261123000000_reconciliation } from '../migrations/Migration20261123000000_reconciliation.js';
import { Migration20261123500000_operator_deeds } from '../migrations/Migration20261123500000_operator_deeds.js';
import { Drift, DriftReport } from './drift/drift-report.entity.js';
import { Candidate } from './sweep/candidate.entity.js';
import { AppSize, Cycle } from './sweep/cycle.entity.js';
import { Shard } from './sweep/shard.entity.js';
import { UserTombstone } from './watch/user-tombstone.entity.js';
import { WatchedConnection } from './watch/watched-connection.entity.js';
import { WebhookDelivery } from './watch/webhook-delivery.entity.js';

export const database = defineDatabase({
  app: 'auditor',
  entities: [WatchedConnection, UserTombstone, WebhookDelivery, Cycle, Shard, Candidate, AppSize, DriftReport, Drift],
  migrations: [
    Migration20261121000000_init,
    Migration20261122000000_operator_acts,
    Migration20261122000100_retention,
    Migration20261123000000_reconciliation,
    Migration20261123500000_operator_deeds,
  ],
  skipTables: messagingTableNames,
});
