import { adminRoutes } from './admin.api.js';
import * as agentRun from './agent-run.events.js';
import { approvalsRoutes } from './approvals.api.js';
import { auditRoutes } from './audit.api.js';
import * as connection from './connection.events.js';
import { connectionsRoutes } from './connections.api.js';
import { messagingRoutes } from './dead-letters.api.js';
import * as entity from './entity.events.js';
import type { EventContract } from './event.js';
import { gateRoutes } from './gate.api.js';
import { inboxRoutes } from './inbox.api.js';
import * as notification from './notification.events.js';
import { recordRoutes } from './record.api.js';
import type { Route } from './route.js';
import { runsRoutes } from './runs.api.js';
import { switchesRoutes } from './switches.api.js';
import { toolsRoutes } from './tools.api.js';
import * as user from './user.events.js';
import { usersRoutes } from './users.api.js';

/** Every event there is, by its name. Topics, ACLs, docs and the consumers' checks are made from this list. */
export const events: readonly EventContract[] = [
  user.UserCreated,
  user.UserDeleted,
  entity.EntityCreated,
  connection.ConnectionActivated,
  connection.ConnectionSuspected,
  connection.ConnectionExpired,
  connection.ConnectionRemoved,
  agentRun.AgentRunRequested,
  agentRun.AgentRunBlocked,
  agentRun.AgentRunApprovalRequested,
  agentRun.AgentRunResumed,
  agentRun.AgentRunCompleted,
  agentRun.AgentRunFailed,
  agentRun.AgentRunCancelled,
  notification.NotificationChanged,
] as unknown as readonly EventContract[];

/** Which app reads which topic: ACLs and docs are made from it, and each app's test compares it with its handlers. */
export const consumers: Readonly<Record<string, readonly EventContract[]>> = {
  connections: [user.UserCreated, user.UserDeleted, connection.ConnectionExpired],
  'agent-runner': [agentRun.AgentRunRequested, connection.ConnectionActivated, connection.ConnectionRemoved, user.UserDeleted],
  auditor: [connection.ConnectionActivated, connection.ConnectionRemoved, connection.ConnectionSuspected, user.UserDeleted],
  notifier: [
    user.UserCreated,
    user.UserDeleted,
    connection.ConnectionExpired,
    connection.ConnectionActivated,
    connection.ConnectionRemoved,
    agentRun.AgentRunBlocked,
    agentRun.AgentRunApprovalRequested,
    agentRun.AgentRunResumed,
    agentRun.AgentRunCompleted,
    agentRun.AgentRunFailed,
    agentRun.AgentRunCancelled,
  ],
  gateway: [
    connection.ConnectionActivated,
    connection.ConnectionExpired,
    connection.ConnectionRemoved,
    agentRun.AgentRunBlocked,
    agentRun.AgentRunApprovalRequested,
    agentRun.AgentRunResumed,
    agentRun.AgentRunCompleted,
    agentRun.AgentRunFailed,
    agentRun.AgentRunCancelled,
    notification.NotificationChanged,
  ],
} as unknown as Record<string, readonly EventContract[]>;

/** Services that keep dead letters: every consumer but the gateway, which only streams. */
export const deadLetterServices = ['connections', 'agent-runner', 'auditor', 'notifier'] as const;
export const deadLetterTopic = (service: string): string => `${service}.dead-letters`;

export interface Topic {
  readonly name: string;
  readonly partitions: number;
  readonly retentionDays: number;
  readonly maxMessageBytes: number;
}

/** Every topic to create: one an event type (1 MiB an event), one of dead letters a consumer (2 MiB, since bad bytes travel in base64). */
export const topics: readonly Topic[] = [
  ...events.map(({ type, partitions, retentionDays }) => ({ name: type, partitions, retentionDays, maxMessageBytes: 1_048_576 })),
  ...deadLetterServices.map((service) => ({
    name: deadLetterTopic(service),
    partitions: 6,
    retentionDays: 30,
    maxMessageBytes: 2_097_152,
  })),
];

/** Every HTTP route the gateway offers. */
export const routes: readonly Route[] = [
  ...usersRoutes,
  ...connectionsRoutes,
  ...gateRoutes,
  ...runsRoutes,
  ...approvalsRoutes,
  ...toolsRoutes,
  ...recordRoutes,
  ...inboxRoutes,
  ...switchesRoutes,
  ...messagingRoutes,
  ...adminRoutes,
  ...auditRoutes,
];
