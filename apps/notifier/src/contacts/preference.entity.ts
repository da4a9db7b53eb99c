import { ownRows } from '@gatehouse/persistence';
import { defineEntity, p } from '@mikro-orm/core';

const schema = defineEntity({
  name: 'Preference',
  ...ownRows('notifier'),
  properties: {
    userId: p.string().primary(),
    email: p.boolean(),
    digestMinutes: p.integer(),
    webhookUrl: p.text().nullable(),
    webhookSecret: p.text().nullable(),
    /** Deliveries to the address that failed in a row: after 20 it is no longer tried. */
    webhookFailures: p.integer().default(0),
  },
});

/** A user's own choice of channels. Without a row the defaults hold. */
export class Preference extends schema.class {}
schema.setClass(Preference);
