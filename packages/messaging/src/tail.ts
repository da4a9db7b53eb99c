import type { EventContract, EventOf } from '@gatehouse/contracts';
import type { MessagingConfig } from './messaging-env.js';

export async function tail<C extends EventContract>(
  _config: MessagingConfig,
  _contracts: readonly C[],
  _onEvent: (event: EventOf<C>, contract: C) => void,
): Promise<{ stop(): Promise<void> }> {
  throw new Error('not yet');
}
