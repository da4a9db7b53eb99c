import { appName, type SwitchScope } from '@gatehouse/contracts';
import type { WordId } from '../../words/index.js';

export const SCOPES: Readonly<Record<SwitchScope, WordId>> = {
  app: 'admin.switches.app',
  tool: 'admin.switches.tool',
  user: 'admin.switches.user',
  everything: 'admin.switches.everything',
};

/** What a switch stops, as a name. */
export function nameOf({ scope, target }: { scope: SwitchScope; target: string | null }, everything: string): string {
  if (scope === 'everything' || target === null) return everything;
  return scope === 'app' ? appName(target) : target;
}
