import type { ConnectionView } from '@gatehouse/contracts';

/** What we can do about our access at an app when its user goes. Whether the app does as asked, nobody knows before. */
export type Outlook = 'ask' | 'gone' | 'look';

/**
 * `ask`: it works, so the app is asked to cancel it. `gone`: the app said that it is cancelled. `look`: the app refuses it or could not be asked,
 * and may still list us. Undefined: there never was any access.
 */
export function outlookOf({
  status,
  providerStatus,
  connectedAt,
}: Pick<ConnectionView, 'status' | 'providerStatus' | 'connectedAt'>): Outlook | undefined {
  if (status === 'active') return 'ask';
  if (status === 'removed' || !connectedAt) return undefined;
  if (status === 'broken' && providerStatus === 'REVOKED') return 'gone';
  return status === 'removing' ? 'ask' : 'look';
}
