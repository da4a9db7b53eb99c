import type { ConnectionView } from '@gatehouse/contracts';
import type { Connection } from './connection.entity.js';

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
    epoch: connection.epoch,
    connectedAt: connection.connectedAt?.toISOString() ?? null,
    lastCheckedAt: connection.lastCheckedAt?.toISOString() ?? null,
    lastUsedAt: connection.lastUsedAt?.toISOString() ?? null,
    createdAt: connection.createdAt.toISOString(),
  };
}
