import type { SwitchScope, SwitchView } from '@gatehouse/contracts';

/** The first is the one that stops calls of tools; the other one, connecting. */
export const KEEPERS = ['agent-runner', 'connections'] as const;
export type Keeper = (typeof KEEPERS)[number];

/** connections knows no tools. */
export const keepersOf = (scope: SwitchScope): readonly Keeper[] => (scope === 'tool' ? ['agent-runner'] : KEEPERS);

/** A switch as a person sees it: one, though each keeper has its own. */
export interface Merged {
  key: string;
  scope: SwitchScope;
  target: string | null;
  /** Of the keeper that was first. */
  reason: string;
  setBy: string;
  setAt: string;
  ids: Partial<Record<Keeper, string>>;
  /** It should be set there, too, and is not. */
  missing: Keeper[];
}
export type Read = Partial<Record<Keeper, readonly SwitchView[]>>;

/** Those in force, newest first. A keeper that did not answer is neither in force nor missing: nothing is known of it. */
export function inForce(read: Read): Merged[] {
  const merged = new Map<string, Merged>();
  for (const keeper of KEEPERS) {
    for (const { id, scope, target, reason, setBy, setAt, liftedAt } of read[keeper] ?? []) {
      if (liftedAt) continue;
      const key = `${scope} ${target ?? ''}`;
      const known = merged.get(key);
      const first = known && known.setAt <= setAt ? known : { reason, setBy, setAt };
      merged.set(key, { key, scope, target, missing: [], ids: { ...known?.ids, [keeper]: id }, ...pick(first) });
    }
  }
  const whole = [...merged.values()].map((one) => {
    return { ...one, missing: keepersOf(one.scope).filter((keeper) => read[keeper] && !one.ids[keeper]) };
  });
  return whole.sort((one, other) => other.setAt.localeCompare(one.setAt));
}

/** Those that were lifted, the last first; each keeper's for itself. */
export function lifted(read: Read): (SwitchView & { keeper: Keeper })[] {
  return KEEPERS.flatMap((keeper) => (read[keeper] ?? []).filter(({ liftedAt }) => liftedAt).map((one) => ({ ...one, keeper }))).sort(
    (one, other) => (other.liftedAt ?? '').localeCompare(one.liftedAt ?? ''),
  );
}

const pick = ({ reason, setBy, setAt }: Pick<Merged, 'reason' | 'setBy' | 'setAt'>) => ({ reason, setBy, setAt });
