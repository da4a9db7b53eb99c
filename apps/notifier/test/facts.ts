import { randomUUID } from 'node:crypto';

/** A user with a connection to Slack, and the facts that are told of them. */
export function someone() {
  const userId = `usr_${randomUUID()}`;
  const connection = { connectionId: randomUUID(), userId, app: 'slack', accountId: `ca_${randomUUID()}` };
  return {
    userId,
    email: `${userId}@example.com`,
    connection,
    created: { userId, email: `${userId}@example.com` },
    activated: { ...connection, epoch: 0, reconnected: false },
    expired: {
      ...connection,
      epoch: 1,
      status: 'EXPIRED' as const,
      reason: 'refresh token expired',
      detectedBy: 'sweep' as const,
      detectedAt: new Date().toISOString(),
    },
    reconnected: { ...connection, accountId: `ca_${randomUUID()}`, epoch: 1, reconnected: true },
  };
}

export const aRun = (userId: string) => {
  const runId = randomUUID();
  const blockers = [
    {
      app: 'slack',
      state: 'not_connected' as const,
      message: 'Please connect your Slack account first in Settings > Integrations.',
      connectUrl: 'http://localhost:3000/settings/integrations/slack',
    },
  ];
  return {
    runId,
    blocked: { runId, userId, blockers, waitsUntil: new Date(Date.now() + 86_400_000).toISOString() },
    resumed: { runId, userId, after: 'connection' as const },
    completed: { runId, userId, usage: { toolCalls: 0, tokens: 0 } },
  };
};
