import type { ConnectionView, RemovalOutcome } from '@gatehouse/contracts';
import { ApiProblem } from '../client.js';
import { problemWords } from '../parts/problem-words.js';
import type { PartWordId, Values } from '../parts/say.js';
import type { IconName } from './icon.js';
import type { UiState } from './state.js';

export interface Words {
  id: PartWordId;
  values?: Values;
}

/** Icon and words of a state; the colour only repeats them. */
export const badges: Readonly<Record<UiState, { icon: IconName; word: PartWordId; colour: string }>> = {
  not_connected: { icon: 'ring', word: 'integrations.badge.not-connected', colour: 'gray' },
  waiting: { icon: 'clock', word: 'integrations.badge.waiting', colour: 'blue' },
  checking: { icon: 'clock', word: 'integrations.badge.checking', colour: 'blue' },
  connected: { icon: 'tick', word: 'integrations.badge.connected', colour: 'green' },
  expired: { icon: 'bang', word: 'integrations.badge.expired', colour: 'orange' },
  access_removed: { icon: 'bang', word: 'integrations.badge.access-removed', colour: 'orange' },
  switched_off: { icon: 'pause', word: 'integrations.badge.switched-off', colour: 'orange' },
  stopped: { icon: 'cross', word: 'integrations.badge.stopped', colour: 'red' },
  not_finished: { icon: 'ring', word: 'integrations.badge.not-connected', colour: 'gray' },
  blocked: { icon: 'shield', word: 'integrations.badge.blocked', colour: 'red' },
  leaving: { icon: 'clock', word: 'integrations.badge.leaving', colour: 'gray' },
  cant_check: { icon: 'question', word: 'integrations.badge.cant-check', colour: 'gray' },
};

const NOT_FINISHED: Readonly<Record<string, PartWordId>> = {
  declined: 'integrations.line.declined',
  timed_out: 'integrations.line.late',
};

/** Dates and spans as the person reads them; `none` where there is none. */
export interface Times {
  day: (at: string | null) => string;
  ago: (at: string | null) => string;
}

/** What happened and what it means, for every state but `connected`, which says more than one thing. */
export function lineOf(state: UiState, app: string, connection: ConnectionView | undefined, { day, ago }: Times): Words | undefined {
  const when = day(connection?.lastCheckedAt ?? null);
  switch (state) {
    case 'connected':
      return undefined;
    case 'not_finished':
      return { id: NOT_FINISHED[connection?.reason ?? ''] ?? 'integrations.line.not-finished', values: { app } };
    case 'expired':
      return { id: 'integrations.line.expired', values: { app, when } };
    case 'stopped':
      return { id: 'integrations.line.stopped', values: { app, when } };
    case 'cant_check':
      return { id: 'integrations.line.cant-check', values: { ago: ago(connection?.lastCheckedAt ?? null) } };
    default:
      return { id: LINES[state], values: { app } };
  }
}

const LINES: Readonly<Record<Exclude<UiState, 'connected' | 'not_finished' | 'expired' | 'stopped' | 'cant_check'>, PartWordId>> = {
  not_connected: 'integrations.line.not-connected',
  waiting: 'integrations.line.waiting',
  checking: 'integrations.line.checking',
  access_removed: 'integrations.line.access-removed',
  switched_off: 'integrations.line.switched-off',
  blocked: 'integrations.line.blocked',
  leaving: 'integrations.line.leaving',
};

const REASONS: Readonly<Record<string, PartWordId>> = {
  connect_not_configured: 'integrations.reason.admin',
  paused: 'integrations.line.paused',
  app_not_connectable: 'integrations.line.unavailable',
  unknown_app: 'integrations.line.unavailable',
  connection_removing: 'integrations.reason.removing',
  too_many_connections: 'integrations.reason.limit',
  too_many_aliases: 'integrations.reason.limit',
  alias_taken: 'integrations.reason.name-taken',
};

/** Why something about connecting was refused; the words of all pages for the rest. `clock` says a time of day. */
export function reasonOf(error: unknown, app: string, clock: (at: Date) => string, now = Date.now()): Words {
  const { code, retryAfterSeconds = 0 } = error instanceof ApiProblem ? error : { code: '' };
  if (code === 'too_many_attempts')
    return { id: 'integrations.reason.tries', values: { time: clock(new Date(now + retryAfterSeconds * 1000)) } };
  const id = REASONS[code];
  return id ? { id, values: { app } } : problemWords(error);
}

/** How a removal ended: what was really cancelled, and where the person can see to the rest. */
export const outcomes: Readonly<Record<RemovalOutcome, { word: PartWordId; link?: PartWordId }>> = {
  revoked: { word: 'integrations.outcome.revoked' },
  not_supported: { word: 'integrations.outcome.not-supported', link: 'integrations.outcome.not-supported.link' },
  not_active: { word: 'integrations.outcome.not-active', link: 'integrations.outcome.not-active.link' },
  already_gone: { word: 'integrations.outcome.already-gone' },
  needs_attention: { word: 'integrations.outcome.needs-attention', link: 'integrations.outcome.not-active.link' },
  pending: { word: 'integrations.line.leaving' },
};
