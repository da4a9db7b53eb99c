import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Minutes. The gateway, identity and agent-runner are not moved: they sign and check tokens that live for a minute, which is a promise, too. */
const WRONG: Readonly<Record<string, number>> = { 'connections-2': 10, 'auditor-2': -10, 'notifier-2': -10 };

/** As built, also when Jest runs this from `src`: Node loads it into a process of its own. */
const HOOK = join(import.meta.dirname, '../../dist/faults/shift-clock.js');

/** The environment of a process whose clock is wrong; nothing for the others. */
export function clockOf(name: string): Record<string, string> {
  const minutes = WRONG[name];
  if (minutes === undefined) return {};
  return {
    NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --import ${pathToFileURL(HOOK).href}`.trim(),
    GATEHOUSE_CLOCK_SHIFT_MS: String(minutes * 60_000),
  };
}
