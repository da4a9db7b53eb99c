import { outlookOf } from './farewell.js';

const connectedAt = '2026-11-21T08:00:00Z';

it.each([
  [{ status: 'active', providerStatus: 'ACTIVE', connectedAt }, 'ask'],
  [{ status: 'removing', providerStatus: null, connectedAt }, 'ask'],
  [{ status: 'broken', providerStatus: 'REVOKED', connectedAt }, 'gone'],
  [{ status: 'broken', providerStatus: 'EXPIRED', connectedAt }, 'look'],
  [{ status: 'unknown', providerStatus: null, connectedAt }, 'look'],
  [{ status: 'pending', providerStatus: null, connectedAt: null }, undefined],
  [{ status: 'removed', providerStatus: null, connectedAt }, undefined],
] as const)('%j can be promised: %s', (connection, outlook) => expect(outlookOf(connection)).toBe(outlook));
