import type { AccountId, Call, ComposioAudit, ComposioPort, EntityId, PinnedAccount } from '../../src/port.js';
import type { wireTo } from './wire.js';

export type Driver = ComposioPort['driver'];
export type Capability = keyof ComposioPort['supports'];

/** What the cases need that run against the emulator and against real Composio alike. The rest is read late: it exists once the suite runs. */
export interface Place {
  driver: Driver;
  readonly port: ComposioPort;
  /** Somebody nobody else is. */
  someone(): EntityId;
  /** An account that works, of somebody who has agreed to this. Nothing is changed through it. */
  given(): Promise<PinnedAccount>;
}

/** The emulator can do more: accounts by the dozen, faults, a clock. */
export interface Suite extends Place {
  readonly audit: ComposioAudit;
  readonly wire: Awaited<ReturnType<typeof wireTo>>;
  /** A port of its own, with its own budgets. */
  fresh(env?: Record<string, string>): Promise<ComposioPort>;
  /** An account at Composio, under the id that this driver would have been given. */
  account(owner: EntityId, app?: string, more?: { status?: string; statusReason?: string }): Promise<AccountId>;
  pinned(owner: EntityId, app?: string, more?: { status?: string }): Promise<PinnedAccount>;
}

export const interactive: Call = { budget: 'interactive' };
export const runs: Call = { budget: 'runs' };

/** All that a driver may be spared; what it says of itself must agree. */
export const DENIED: Record<Driver, readonly Capability[]> = {
  core: [],
  legacy: ['hostedLink', 'toolVersions', 'listByStatus', 'ownerSentWithExecute'],
};

/** A case about something that a driver may deny. Then it is skipped, and the run says so. */
export function itWhereSupported(suite: Place, capability: Capability, title: string, work: () => Promise<void>): void {
  if (!DENIED[suite.driver].includes(capability)) return void it(title, work);
  it.skip(title, work);
  notRun(`${suite.driver} driver: "${title}"`, `its ${capability} is false`);
}

/** What was not checked is never "passed": it is said, with the reason, beside the results. */
export function notRun(what: string, why: string): void {
  process.stderr.write(`composio contract: not run: ${what}: ${why}\n`);
}
