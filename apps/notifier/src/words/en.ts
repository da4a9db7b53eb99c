import type { Words } from './words.js';

const HAPPENED: Readonly<Record<string, (app: string, day: string) => string>> = {
  EXPIRED: (app, day) => `${app} stopped accepting our access on ${day}, so your agent can't use it.`,
  REVOKED: (app, day) => `Our access was removed in ${app} on ${day}, so your agent can't use it.`,
  INACTIVE: (app) => `Your ${app} connection was switched off, so your agent can't use it.`,
  FAILED: (app, day) => `${app} refused our access on ${day}, so your agent can't use it.`,
};

export const en: Words = {
  locale: 'en-GB',
  broken: (app) => `Reconnect ${app} to keep your agent working`,
  brokenText: (app, status, day) => HAPPENED[status]?.(app, day) ?? `${app} no longer accepts our access, so your agent can't use it.`,
  blocked: (apps) => `Your agent waits for ${apps}`,
  blockedText: (app, state) => {
    if (state === 'paused') return `${app} is paused for now.`;
    if (state === 'ambiguous') return `You have several ${app} accounts. Please choose the default one in Settings > Integrations.`;
    if (state === 'broken' || state === 'unknown')
      return `Your ${app} connection has expired. Please reconnect in Settings > Integrations.`;
    return `Please connect your ${app} account first in Settings > Integrations.`;
  },
  approval: 'Your agent asks for your approval',
  approvalText: (summary) => `Your agent waits for your decision: ${summary}.`,
  reminder: (subject) => `Reminder: ${subject}`,
  severalApps: (count, apps) => `${count} of your apps need attention: ${apps}`,
  several: (count) => `${count} messages from your agent`,
  foot: 'We never send sign-in links by e-mail. What you are told is up to you: Settings > Notifications.',
  test: 'A test message',
  testText: 'You asked for this message in Settings > Notifications. It arrived, so the others will, too.',
  leave: {
    title: 'No more of these e-mails?',
    text: 'You will no longer get e-mails of this kind. Your inbox here shows them all the same.',
    button: 'Stop these e-mails',
    done: 'Done',
    doneText: 'We stopped these e-mails. You can switch them on again under Settings > Notifications.',
    unreadable: 'This link does not work',
    unreadableText: 'It is not whole. You can stop e-mails under Settings > Notifications.',
    settings: 'To the settings',
  },
};
