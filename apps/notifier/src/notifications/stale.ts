export interface Mark {
  epoch: number;
  accountId: string | null;
  pastAccounts: readonly string[];
  settledAt: Date | null;
  closed: boolean;
}

/**
 * Whether what is told was settled already. For a connection: it was removed, an activation of this epoch or a later one was seen, or
 * the account was superseded. For a run: it ended, or went on after the moment that is told of.
 */
export function isStale(mark: Mark, told: { kind: string; epoch: number; accountId: string | null; factAt: Date }): boolean {
  if (mark.closed) return true;
  if (told.kind !== 'connection.expired') return mark.settledAt !== null && told.factAt <= mark.settledAt;
  return told.epoch <= mark.epoch || (told.accountId !== null && mark.pastAccounts.includes(told.accountId));
}
