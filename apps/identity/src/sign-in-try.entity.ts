import { defineEntity, p } from '@mikro-orm/core';

const schema = defineEntity({
  name: 'SignInTry',
  tableName: 'sign_in_try',
  properties: {
    key: p.text().primary(), // SHA-256 of the address
    n: p.integer(),
    until: p.datetime().columnType('timestamptz').index('sign_in_try_until'),
  },
});

/** Tries to sign in to one account within 15 minutes, from wherever they come. */
export class SignInTry extends schema.class {}
schema.setClass(SignInTry);
