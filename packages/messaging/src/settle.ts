/** `culprit` is given by an attempt that knows which item spoiled it; `stop` means that no item is to blame and the rest is for later. */
export type Attempt<T> = { ok: true } | { ok: false; stop: true; error: unknown } | { ok: false; stop: false; error: unknown; culprit?: T };

export interface Steps<T> {
  /** Tries these items as one. `patient`: the first try at this width, or a single item, so that a passing error is worth waiting for. */
  attempt(part: readonly T[], patient: boolean): Promise<Attempt<T>>;
  /** Deals with the one item that fails. `again`: it was changed and stays where it is; `drop`: it is dealt with; `stop`: leave the rest. */
  culprit(item: T, error: unknown): Promise<'again' | 'drop' | 'stop'>;
}

/**
 * Gets all items through, as one if possible; a failing list is halved until the culprit is found, in order, and the full width is tried
 * again behind it: about 2·log2(n) attempts for one bad item among n. Returns what is left when it was stopped.
 */
export async function settle<T>(items: readonly T[], steps: Steps<T>): Promise<readonly T[]> {
  let rest = items;
  let suspects = 0; // so many at the front are known to fail together
  while (rest.length > 0) {
    const part = suspects > 0 ? rest.slice(0, Math.ceil(suspects / 2)) : rest;
    const result = await steps.attempt(part, suspects === 0 || part.length === 1);
    if (result.ok) {
      rest = rest.slice(part.length);
      suspects = Math.max(0, suspects - part.length);
      continue;
    }
    if (result.stop) return rest;
    const culprit = result.culprit ?? (part.length === 1 ? part[0] : undefined);
    if (culprit === undefined) {
      suspects = part.length;
      continue;
    }
    const next = await steps.culprit(culprit, result.error);
    if (next === 'stop') return rest;
    if (next === 'drop') rest = rest.filter((item) => item !== culprit);
    suspects = 0;
  }
  return rest;
}
