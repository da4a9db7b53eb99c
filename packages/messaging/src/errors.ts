/** The event can never be handled: it becomes a dead letter at once, its neighbours go on. `code` names the reason, for counting. */
export class PermanentError extends Error {
  override readonly name: string = 'PermanentError';
  constructor(
    message: string,
    readonly code = 'rejected',
  ) {
    super(message);
  }
}

/** The event may be handled a little later: retried in place, then its key is parked and retried for about half an hour. */
export class TransientError extends Error {
  override readonly name: string = 'TransientError';
}
