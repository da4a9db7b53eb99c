import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { type AccountRow, neverFinished, sift } from './accounts.js';
import { COMPOSIO_ALARMS } from './alarms.js';
import { accountId, entityId } from './entity-id.js';

const ana = entityId('ana');
const aRow = (id: string, rawOwner: string | null, app = 'slack'): AccountRow => ({
  rawOwner,
  account: {
    id: accountId(id),
    otherIds: [],
    owner: rawOwner === null ? null : entityId(rawOwner),
    app,
    authConfigId: 'ac_1',
    status: 'ACTIVE',
    rawStatus: 'ACTIVE',
    statusReason: null,
    neverFinished: false,
    disabled: false,
    sharing: 'PRIVATE',
    createdAt: new Date(0),
    updatedAt: new Date(0),
  },
});

describe("a list of one owner's accounts", () => {
  it('drops rows of others, should Composio ignore whom we asked for, and raises an alarm', () => {
    const alarms: unknown[] = [];
    const listen = (message: unknown) => alarms.push(message);
    subscribe(COMPOSIO_ALARMS, listen);
    const own = sift([aRow('ca_1', 'ana'), aRow('ca_2', 'ben'), aRow('ca_3', null)], { owner: ana });
    unsubscribe(COMPOSIO_ALARMS, listen);
    expect(own.map(({ id }) => id)).toEqual(['ca_1', 'ca_3']);
    expect(alarms).toEqual([{ kind: 'foreign-rows', count: 1 }]);
  });

  it('drops what is outside of the filter', () => {
    expect(sift([aRow('ca_1', 'ana'), aRow('ca_2', 'ana', 'gmail')], { owner: ana, apps: ['gmail'] }).map(({ id }) => id)).toEqual([
      'ca_2',
    ]);
    expect(sift([aRow('ca_1', 'ana')], { owner: ana, statuses: ['EXPIRED'] })).toEqual([]);
  });
});

describe('an expired account', () => {
  it.each([
    ['EXPIRED', 'INITIATION_TIMEOUT', true],
    ['EXPIRED', 'The connection did not complete within 10 minutes', true],
    ['EXPIRED', 'OAuth refresh token expired', false],
    ['EXPIRED', null, false],
    ['FAILED', 'INITIATION_TIMEOUT', false],
  ])('%s, %s: never finished is %s', (status, reason, expected) => expect(neverFinished(status, reason)).toBe(expected));
});
