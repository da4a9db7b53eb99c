import { ownRows } from '@gatehouse/persistence';
import { defineEntity, p } from '@mikro-orm/core';

const schema = defineEntity({
  name: 'Contact',
  ...ownRows('notifier'),
  properties: {
    userId: p.string().primary(),
    email: p.string().length(320),
    name: p.string().nullable(),
    locale: p.string().nullable(),
  },
});

/** Where a user is reached, as `user.created` told. */
export class Contact extends schema.class {}
schema.setClass(Contact);
