import type { ConnectionView } from '@gatehouse/contracts';
import type { Attempt } from '../connecting.js';

/** A connection as a person sees it: the server's state, and what this page knows of an attempt that is under way. */
export type UiState =
  | 'not_connected'
  | 'waiting'
  | 'checking'
  | 'connected'
  | 'expired'
  | 'access_removed'
  | 'switched_off'
  | 'stopped'
  | 'not_finished'
  | 'blocked'
  | 'leaving'
  | 'cant_check';

export type Group = 'attention' | 'connected' | 'available';

const BROKEN: Readonly<Record<string, UiState>> = { EXPIRED: 'expired', REVOKED: 'access_removed', INACTIVE: 'switched_off' };

export function uiState(connection: ConnectionView | undefined, attempt?: Attempt): UiState {
  if (attempt?.phase === 'checking' || attempt?.phase === 'over') return 'checking';
  if (attempt?.phase === 'asking' || attempt?.phase === 'waiting' || attempt?.phase === 'blocked') return 'waiting';
  switch (connection?.status) {
    case undefined:
    case 'removed':
      return 'not_connected';
    case 'pending':
      return 'waiting';
    case 'active':
      return 'connected';
    case 'broken':
      return BROKEN[connection.providerStatus ?? ''] ?? 'stopped';
    case 'not_finished':
      return connection.reason === 'identity_mismatch' ? 'blocked' : 'not_finished';
    case 'removing':
      return 'leaving';
    default:
      return 'cant_check'; // `unknown`, and whatever a newer server may say
  }
}

export function groupOf(state: UiState): Group {
  if (state === 'connected' || state === 'leaving') return 'connected';
  return state === 'not_connected' || state === 'waiting' || state === 'checking' || state === 'not_finished' ? 'available' : 'attention';
}

const URGENCY: readonly UiState[] = [
  'blocked',
  'access_removed',
  'stopped',
  'switched_off',
  'expired',
  'cant_check',
  'checking',
  'waiting',
  'connected',
  'not_finished',
  'leaving',
  'not_connected',
];

/** Of several accounts the one that a card speaks of: what needs a person comes first. */
export function mostUrgent(connections: readonly ConnectionView[]): ConnectionView | undefined {
  return [...connections].sort(
    (a, b) => URGENCY.indexOf(uiState(a)) - URGENCY.indexOf(uiState(b)) || Number(b.default) - Number(a.default),
  )[0];
}
