import { accountId, entityId } from './entity-id.js';
import { InvalidRequest } from './errors.js';

describe('an entity id', () => {
  it.each(['usr_1', 'auth0|5f7c', 'a@b.example', 'x'.repeat(200)])('may be %s', (raw) => {
    expect(entityId(raw)).toBe(raw);
  });

  it.each(['', ' ', 'default', 'DEFAULT', 'Default', 'a,b', 'a b', 'a\n', 'ä', 'x'.repeat(201)])('is never made of %j', (raw) => {
    expect(() => entityId(raw)).toThrow(InvalidRequest);
  });
});

describe('an account id', () => {
  it.each(['../connected_accounts', 'ca_1/revoke', 'ca_1?x=1', '', 'ca_1,ca_2'])(
    'is never made of %j, for it becomes part of a path',
    (raw) => {
      expect(() => accountId(raw)).toThrow(InvalidRequest);
    },
  );
});
