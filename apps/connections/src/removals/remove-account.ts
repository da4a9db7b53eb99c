import {
  accountId,
  COMPOSIO,
  type ComposioPort,
  entityId,
  InvalidRequest,
  NotFound,
  OwnerMismatch,
  OwnerUnproven,
} from '@gatehouse/composio';
import { Transactional } from '@gatehouse/persistence';
import { log } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { Account } from '../connections/account.entity.js';
import { Connection } from '../connections/connection.entity.js';
import { FinishRemoval } from './finish-removal.js';
import { type Outcome, outcomeOf } from './outcome.js';

const DAY_MS = 24 * 3_600_000;
const security = log('security');

@Injectable()
export class RemoveAccount {
  constructor(
    private readonly em: EntityManager,
    @Inject(COMPOSIO) private readonly composio: ComposioPort,
    private readonly finish: FinishRemoval,
  ) {}

  /** The row says `removing`; then it happens; then `finish` says that it did. */
  async execute(userId: string, id: string): Promise<void> {
    const owed = await this.owed(userId, id);
    if (!owed) return;
    const outcome = owed.inUse ? 'not_active' : await this.remove(userId, owed.account);
    if (outcome) await this.finish.execute({ userId, id, outcome });
  }

  @Transactional({ readOnly: true })
  async owed(userId: string, id: string): Promise<{ account: Account; inUse: boolean } | null> {
    const account = await this.em.findOne(Account, { userId, id }, { refresh: true });
    if (account?.state !== 'removing') return null;
    const connection = await this.em.findOne(Connection, { userId, id: account.connectionId }, { refresh: true });
    // Composio may give a reconnected account its old id: deleting the "old" one would then delete the one in use.
    const inUse = !!connection && !connection.isLeaving() && connection.accountId === account.accountId;
    return { account, inUse };
  }

  /** Null: not now, it stays owed. */
  private async remove(userId: string, account: Account): Promise<Outcome | null> {
    if (!account.accountId) return 'already_gone';
    try {
      const wish = { id: accountId(account.accountId), owner: entityId(userId), revoke: account.revoke };
      return outcomeOf(await this.composio.removeAccount(wish, { budget: 'interactive' }));
    } catch (error) {
      if (error instanceof NotFound) return 'already_gone';
      if (error instanceof OwnerMismatch || error instanceof OwnerUnproven) {
        security.error({ event: 'removal_refused', err: error, accountRowId: account.id }, 'not provably theirs, so it is not touched');
        return 'needs_attention';
      }
      if (error instanceof InvalidRequest) return 'needs_attention';
      await this.postpone(userId, account.id);
      throw error;
    }
  }

  /** Never given up: it is our only handle on what the person wants cancelled. After a day they are told that it takes long. */
  @Transactional()
  async postpone(userId: string, id: string): Promise<void> {
    const account = await this.em.findOneOrFail(Account, { userId, id }, { refresh: true });
    const waitMs = account.tries > 300 ? 3_600_000 : Math.min(1000 * 2 ** Math.min(account.tries, 10), 300_000);
    account.workAt = new Date(Date.now() + waitMs);
    const connection = await this.em.findOne(Connection, { userId, id: account.connectionId });
    const long = 300_000 * account.tries > DAY_MS;
    if (long && connection?.state === 'removing') connection.removalOutcome = 'needs_attention';
  }
}
