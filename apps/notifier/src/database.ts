import { messagingTableNames } from '@gatehouse/messaging';
import { defineDatabase } from '@gatehouse/persistence';
import { Migration20261121000000_init } from '../migrations/Migration20261121000000_init.js';
import { Migration20261122000000_operator_acts } from '../migrations/Migration20261122000000_operator_acts.js';
import { Migration20261122000100_retention } from '../migrations/Migration20261122000100_retention.js';
import { Migration20261123500000_operator_deeds } from '../migrations/Migration20261123500000_operator_deeds.js';
import { Migration20261123600000_choices } from '../migrations/Migration20261123600000_choices.js';
import { Contact } from './contacts/contact.entity.js';
import { Preference } from './contacts/preference.entity.js';
import { UserTombstone } from './contacts/user-tombstone.entity.js';
import { Delivery } from './deliveries/delivery.entity.js';
import { Notification } from './notifications/notification.entity.js';
import { Subject } from './notifications/subject.entity.js';

export const database = defineDatabase({
  app: 'notifier',
  entities: [Contact, Preference, UserTombstone, Notification, Subject, Delivery],
  migrations: [
    Migration20261121000000_init,
    Migration20261122000000_operator_acts,
    Migration20261122000100_retention,
    Migration20261123500000_operator_deeds,
    Migration20261123600000_choices,
  ],
  skipTables: messagingTableNames,
});
