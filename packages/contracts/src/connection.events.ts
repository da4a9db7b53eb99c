import { z } from 'zod';
import { defineEvent, openEnum } from './event.js';
import { accountId, alias, app, userId } from './ids.js';

/** Counts the breaks of a connection; (connection, epoch) names one incident. Only the auditor raises it. */
export const epoch = z.int().min(0);

/** The user's account works and is theirs, proven; runs that waited for it go on, messages about its break are closed. */
export const ConnectionActivated = defineEvent({
  type: 'connection.activated',
  producer: 'connections',
  data: z.object({
    connectionId: z.uuid(),
    userId,
    app,
    alias: alias.optional(),
    accountId,
    epoch,
    reconnected: z.boolean(),
  }),
});

/** A tool call was refused for its credentials; the auditor re-reads the account within seconds. */
export const ConnectionSuspected = defineEvent({
  type: 'connection.suspected',
  producer: 'agent-runner',
  data: z.object({ connectionId: z.uuid(), userId, accountId, epoch, evidence: z.string().max(500) }),
});

export const brokenStatus = openEnum(['EXPIRED', 'FAILED', 'REVOKED', 'INACTIVE']);

/** A connection that once was active stopped working; told once an incident, by the auditor alone. */
export const ConnectionExpired = defineEvent({
  type: 'connection.expired',
  producer: 'auditor',
  data: z.object({
    connectionId: z.uuid(),
    userId,
    app,
    accountId,
    epoch,
    status: brokenStatus,
    reason: z.string().max(500),
    detectedBy: openEnum(['sweep', 'webhook', 'run']),
    detectedAt: z.iso.datetime(),
  }),
});

/** The connection is no more: the user disconnected it, or was deleted. */
export const ConnectionRemoved = defineEvent({
  type: 'connection.removed',
  producer: 'connections',
  data: z.object({ connectionId: z.uuid(), userId, app, accountId, by: openEnum(['user', 'operator', 'user.deleted']) }),
});
