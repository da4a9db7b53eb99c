import type { ConnectionChangeView, ConnectionView } from '@gatehouse/contracts';
import type { Connection } from './connection.entity.js';
import type { ConnectionChange } from './connection-change.entity.js';

export function presentConnection(connection: Connection): ConnectionView {
  return {
    id: connection.id,
    app: connection.app,
    alias: connection.alias || null,
    status: connection.state,
    providerStatus: connection.providerStatus ?? null,
    reason: connection.reason ?? null,
    accountId: connection.accountId ?? null,
    accountLabel: connection.accountLabel ?? null,
    default: connection.isDefault,
    epoch: connection.epoch,
    connectedAt: connection.connectedAt?.toISOString() ?? null,
    lastCheckedAt: connection.lastCheckedAt?.toISOString() ?? null,
    lastUsedAt: connection.lastUsedAt?.toISOString() ?? null,
    createdAt: connection.createdAt.toISOString(),
  };
}

export function presentChange(change: ConnectionChange): ConnectionChangeView {
  return {
    id: change.id,
    was: change.was ?? null,
    status: change.state,
    providerStatus: change.providerStatus ?? null,
    reason: change.reason ?? null,
    accountId: change.accountId ?? null,
    epoch: change.epoch,
    detectedBy: change.detectedBy,
    at: change.at.toISOString(),
  };
}
