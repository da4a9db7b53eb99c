import { WHY_ASKED, type WhyAsked } from '@gatehouse/contracts';
import type { ToolClass } from '../agent/agents.js';

export type Setting = 'allow' | 'ask' | 'never';

export interface Circumstances {
  /** The operator lets this agent use this write tool without a person. */
  unattended: boolean;
  /** The run has read content from outside, or was not asked for by a signed-in person. */
  tainted: boolean;
  /** The outcome of an earlier write of this run is not known. */
  unconfirmed: boolean;
  /** What the user made of this tool's rule, if anything. */
  setting?: Setting | null;
  /** What the agent's file made of it. */
  agentPolicy?: 'ask' | 'never' | undefined;
}

/** `code` is for the log of decisions, `why` is read by a person, or told to the model. */
export type Ruling =
  | { rule: 'run'; decision: 'allowed' | 'unattended' }
  | { rule: 'ask'; code: WhyAsked; why: string }
  | { rule: 'refuse'; code: 'setting' | 'agent'; why: string };

export const NEVER = { code: 'setting', why: 'The user does not allow this action. Do not try it again.' } as const;

/** What a person may make of a tool: stricter than its class, never looser. */
export const choicesOf = (toolClass: ToolClass): readonly Setting[] =>
  toolClass === 'read' ? ['allow', 'ask', 'never'] : ['ask', 'never'];
export const defaultOf = (toolClass: ToolClass): 'allow' | 'ask' => (toolClass === 'read' ? 'allow' : 'ask');

/**
 * Read: allowed. Write: asks, unless an operator marked it. Destructive: asks, whatever anybody marked. The user's setting and the agent's
 * policy only tighten: the strictest of all counts, so a setting "allow" changes nothing.
 */
export function decide(toolClass: ToolClass, circumstances: Circumstances): Ruling {
  const { unattended, tainted, unconfirmed, setting, agentPolicy } = circumstances;
  if (setting === 'never') return { rule: 'refuse', ...NEVER };
  if (agentPolicy === 'never') return { rule: 'refuse', code: 'agent', why: 'This agent may not do this. Do not try it again.' };
  const tightened = setting === 'ask' || agentPolicy === 'ask';
  if (!tightened && toolClass === 'read') return { rule: 'run', decision: 'allowed' };
  if (!tightened && toolClass === 'write' && unattended && !unconfirmed) return { rule: 'run', decision: 'unattended' };
  if (toolClass !== 'read') {
    if (unconfirmed) return ask('unconfirmed');
    if (toolClass === 'destructive') return ask('destructive');
    if (tainted) return ask('tainted');
  }
  if (setting === 'ask') return ask('setting');
  if (agentPolicy === 'ask') return ask('agent');
  return ask('write');
}

const ask = (code: WhyAsked): Ruling => ({ rule: 'ask', code, why: WHY_ASKED[code] });
