import type { AccountId, Call, ComposioAudit, ComposioPort, EntityId, PinnedAccount } from '../../src/port.js';
import type { wireTo } from './wire.js';

/** What a case needs. `port` and `audit` are read late: they exist once the suite has started. */
export interface Suite {
  driver: 'core' | 'legacy';
  readonly port: ComposioPort;
  readonly audit: ComposioAudit;
  readonly wire: Awaited<ReturnType<typeof wireTo>>;
  /** A port with budgets of its own, for cases that use them up. */
  fresh(): Promise<ComposioPort>;
  /** Somebody nobody else is. */
  someone(): EntityId;
  /** An account at Composio, under the id that this driver would have been given. */
  account(owner: EntityId, app?: string, more?: { status?: string; statusReason?: string }): Promise<AccountId>;
  pinned(owner: EntityId, app?: string, more?: { status?: string }): Promise<PinnedAccount>;
}

export const interactive: Call = { budget: 'interactive' };
export const runs: Call = { budget: 'runs' };
