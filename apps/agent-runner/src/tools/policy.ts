import type { ToolClass } from '../agent/agents.js';

export interface Circumstances {
  /** The operator lets this agent use this write tool without a person. */
  unattended: boolean;
  /** The run has read content from outside, or was not asked for by a signed-in person. */
  tainted: boolean;
  /** The outcome of an earlier write of this run is not known. */
  unconfirmed: boolean;
}

export type Ruling = { ask: false; decision: 'allowed' | 'unattended' } | { ask: true; why: string };

/** Read: allowed. Write: asks, unless an operator marked it. Destructive: asks, whatever anybody marked. */
export function decide(toolClass: ToolClass, { unattended, tainted, unconfirmed }: Circumstances): Ruling {
  if (toolClass === 'read') return { ask: false, decision: 'allowed' };
  if (toolClass === 'write' && unattended && !unconfirmed) return { ask: false, decision: 'unattended' };
  if (unconfirmed) return { ask: true, why: 'It is not known whether an earlier action of this run happened.' };
  if (toolClass === 'destructive') return { ask: true, why: 'This cannot be undone.' };
  return { ask: true, why: tainted ? 'Your agent read content from outside in this run.' : 'This changes something for others to see.' };
}
