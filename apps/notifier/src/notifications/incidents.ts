import type { AgentRunApprovalRequested, AgentRunBlocked, ConnectionExpired, EventOf } from '@gatehouse/contracts';
import { config } from '../config.js';
import type { Announcement } from './announce-incidents.js';

export function brokenConnection({ data, time }: EventOf<typeof ConnectionExpired>): Announcement {
  return {
    userId: data.userId,
    kind: 'connection.expired',
    subject: `connection:${data.connectionId}`,
    epoch: data.epoch,
    incident: String(data.epoch),
    accountId: data.accountId,
    apps: [data.app],
    facts: { status: data.status, at: data.detectedAt },
    link: `${config.PUBLIC_URL}/settings/integrations/${data.app}`,
    factAt: time,
    emailAfterMinutes: null,
    reminders: true,
  };
}

export function blockedRun({ data, time }: EventOf<typeof AgentRunBlocked>): Announcement {
  return {
    userId: data.userId,
    kind: 'run.blocked',
    subject: `run:${data.runId}`,
    epoch: 0,
    incident: time.toISOString(),
    accountId: null,
    apps: [...new Set(data.blockers.map(({ app }) => app))],
    facts: { blockers: data.blockers.map(({ app, state }) => ({ app, state })) },
    link: `${config.PUBLIC_URL}/runs/${data.runId}`,
    factAt: time,
    emailAfterMinutes: null,
    reminders: false,
  };
}

export function wantedApproval({ data, time }: EventOf<typeof AgentRunApprovalRequested>): Announcement {
  return {
    userId: data.userId,
    kind: 'run.approval',
    subject: `run:${data.runId}`,
    epoch: 0,
    incident: data.approvalId,
    accountId: null,
    apps: [],
    facts: { summary: data.summary },
    link: `${config.PUBLIC_URL}/approvals`,
    factAt: time,
    emailAfterMinutes: config.APPROVAL_EMAIL_MINUTES,
    reminders: false,
  };
}
