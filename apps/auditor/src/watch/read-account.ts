import {
  accountId,
  COMPOSIO,
  type ComposioPort,
  entityId,
  InvalidRequest,
  NotFound,
  OwnerMismatch,
  OwnerUnproven,
  Unavailable,
} from '@gatehouse/composio';
import { log } from '@gatehouse/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { Breaker } from '../breaker.js';
import { asked } from '../counts.js';
import { type BrokenStatus, brokenAs, reasonOf } from '../sweep/broken-as.js';

const logger = log('read-account');

export interface Watched {
  id: string;
  userId: string;
  accountId: string;
}
/** `unreadable`: nothing is known of this one. `odd`: it is in a status that is neither active nor known to be broken. */
export type Finding =
  | { is: 'fine' | 'unreadable' }
  | { is: 'odd'; status: string }
  | { is: 'broken' | 'gone' | 'foreign'; status: BrokenStatus; reason: string };

@Injectable()
export class ReadAccount {
  constructor(
    @Inject(COMPOSIO) private readonly composio: ComposioPort,
    private readonly breaker: Breaker,
  ) {}

  /**
   * A direct read: the only thing that proves an account to be gone, or another's. For a suspicion somebody waits, so that it has a budget
   * of its own beside the sweep's. Throws `RateLimited` and `Misconfigured`: they say nothing about this account.
   */
  async execute({ id, userId, accountId: raw }: Watched, work: 'recheck' | 'reconciliation'): Promise<Finding> {
    const budget = work === 'recheck' ? 'interactive' : 'sweep';
    try {
      const one = { id: accountId(raw), owner: entityId(userId) };
      const account = await this.breaker.watch(() => this.composio.getAccount(one, { budget }));
      asked.inc({ work });
      const status = brokenAs(account);
      if (status) return { is: 'broken', status, reason: reasonOf(account) };
      return account.status === 'ACTIVE' ? { is: 'fine' } : { is: 'odd', status: account.rawStatus };
    } catch (error) {
      if (error instanceof NotFound && error.what === 'account') return { is: 'gone', status: 'REVOKED', reason: 'deleted at Composio' };
      if (error instanceof OwnerMismatch || error instanceof OwnerUnproven) {
        logger.error({ alert: 'owner_mismatch', connectionId: id }, 'Composio names another owner for a watched account');
        return { is: 'foreign', status: 'REVOKED', reason: 'the account is not this user’s any more' };
      }
      if (!(error instanceof Unavailable || error instanceof InvalidRequest)) throw error;
      logger.warn({ err: error, connectionId: id }, 'the account could not be read');
      return { is: 'unreadable' };
    }
  }
}
