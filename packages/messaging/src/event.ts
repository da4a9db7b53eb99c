import type { EventContract, EventOf } from '@gatehouse/contracts';

/** An event of whatever contract: all that is known of its data is whose it is. */
export type AnyEvent = Omit<EventOf<EventContract>, 'data'> & {
  readonly data: { readonly userId: string } & Readonly<Record<string, unknown>>;
};
