import { AgentRunApprovalRequested, AgentRunBlocked, appName, ConnectionExpired, type EventOf } from '@gatehouse/contracts';
import { config } from '../config.js';
import type { Announcement } from './announce-incidents.js';

const WHAT_HAPPENED: Readonly<Record<string, (app: string, day: string) => string>> = {
  EXPIRED: (app, day) => `${app} stopped accepting our access on ${day}, so your agent can't use it. Your settings are kept.`,
  REVOKED: (app, day) => `Our access was removed in ${app} on ${day}, so your agent can't use it. Your settings are kept.`,
  INACTIVE: (app) => `Your ${app} connection was switched off, so your agent can't use it.`,
  FAILED: (app, day) => `${app} refused our access on ${day}, so your agent can't use it.`,
};

/** "18 Nov": in UTC, since a user's time zone is not known. */
const day = (at: Date): string => new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(at);

/** The words of a broken connection. Never a provider's own error text: it may say anything. */
export function brokenConnection({ data, time }: EventOf<typeof ConnectionExpired>): Announcement {
  const app = appName(data.app);
  const words = WHAT_HAPPENED[data.status] ?? (() => `${app} no longer accepts our access, so your agent can't use it.`);
  return {
    userId: data.userId,
    kind: 'connection.expired',
    subject: `connection:${data.connectionId}`,
    epoch: data.epoch,
    incident: String(data.epoch),
    accountId: data.accountId,
    apps: [data.app],
    title: `Reconnect ${app} to keep your agent working`,
    text: words(app, day(new Date(data.detectedAt))),
    link: `${config.PUBLIC_URL}/settings/integrations/${data.app}`,
    factAt: time,
    emailDelayMinutes: 0,
    reminders: true,
  };
}

export function blockedRun({ data, time }: EventOf<typeof AgentRunBlocked>): Announcement {
  const apps = [...new Set(data.blockers.map(({ app }) => app))];
  return {
    userId: data.userId,
    kind: 'run.blocked',
    subject: `run:${data.runId}`,
    epoch: 0,
    incident: time.toISOString(),
    accountId: null,
    apps,
    title: `Your agent waits for ${apps.map(appName).join(', ')}`,
    text: data.blockers.map(({ message }) => message).join(' '),
    link: `${config.PUBLIC_URL}/runs/${data.runId}`,
    factAt: time,
    emailDelayMinutes: 0,
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
    title: 'Your agent asks for your approval',
    text: `${data.summary}: please decide.`,
    link: `${config.PUBLIC_URL}/approvals`,
    factAt: time,
    emailDelayMinutes: config.APPROVAL_EMAIL_MINUTES,
    reminders: false,
  };
}
