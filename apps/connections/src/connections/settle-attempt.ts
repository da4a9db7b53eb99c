import { accountId, COMPOSIO, type Account as ComposioAccount, type ComposioPort, entityId, NotFound } from '@gatehouse/composio';
import { Transactional } from '@gatehouse/persistence';
import { LockMode } from '@mikro-orm/core';
import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { Redemption } from '../callback/redemption.entity.js';
import { config } from '../config.js';
import { Account } from './account.entity.js';
import { ActivateConnection } from './activate-connection.js';
import { Connection } from './connection.entity.js';
import { endOf } from './provider-status.js';

/** Whoever consents in the last second still has to come back. */
const GRACE_MS = 60_000;

@Injectable()
export class SettleAttempt {
  constructor(
    private readonly em: EntityManager,
    @Inject(COMPOSIO) private readonly composio: ComposioPort,
    private readonly activate: ActivateConnection,
  ) {}

  /** Looks at one attempt: activates it when proof and truth are there, gives it up when its time is over, else looks again later. */
  async execute(userId: string, id: string): Promise<void> {
    const attempt = await this.endIfOver(userId, id);
    if (!attempt?.accountId) return;
    const account = await this.read(userId, attempt.accountId);
    const { refused } = account ? { refused: undefined, ...(await this.activate.execute(userId, account)) } : { refused: 'gone' };
    if (refused) await this.conclude(userId, id, account);
  }

  /** An attempt that is over is over, whether or not Composio answers; what follows is only a last look. */
  @Transactional()
  async endIfOver(userId: string, id: string): Promise<Account | null> {
    const { attempt, connection } = await this.load(userId, id);
    if (!attempt || !connection) return null;
    const over = attempt.expiresAt.getTime() + GRACE_MS <= Date.now();
    if (attempt.isOpen() && over) {
      attempt.giveUp('timed_out');
      connection.giveUp('timed_out', 'poll');
    }
    return attempt;
  }

  private async read(userId: string, id: string): Promise<ComposioAccount | null> {
    try {
      return await this.composio.getAccount({ id: accountId(id), owner: entityId(userId) }, { budget: 'interactive' });
    } catch (error) {
      if (error instanceof NotFound) return null;
      throw error; // the row stays taken for a minute, then somebody looks again
    }
  }

  /** It is not active. Terminal at Composio: it came to nothing, silently. */
  @Transactional()
  async conclude(userId: string, id: string, account: ComposioAccount | null): Promise<void> {
    const { attempt, connection } = await this.load(userId, id);
    if (!attempt || !connection) return;
    if (attempt.state === 'not_finished') {
      if (account?.status !== 'ACTIVE') attempt.workAt = null;
      return;
    }
    if (attempt.state !== 'pending') return;
    const reason = endOf(account);
    if (reason) {
      attempt.giveUp(reason);
      attempt.workAt = null;
      connection.giveUp(reason, 'poll');
      return;
    }
    attempt.workAt = await this.nextLook(attempt);
  }

  /** Often while a return is unsettled; else not before its time is over. */
  private async nextLook({ userId, createdAt, expiresAt, tries }: Account): Promise<Date> {
    const over = expiresAt.getTime() + GRACE_MS;
    const unsettled = {
      userId,
      createdAt: { $gte: createdAt },
      outcome: { $in: ['open' as const, 'unknown' as const, 'accepted' as const] },
    };
    const often = config.CONNECT_UNVERIFIED || (await this.em.count(Redemption, unsettled)) > 0;
    if (!often) return new Date(expiresAt.getTime() > Date.now() ? expiresAt : over);
    return new Date(Math.min(Date.now() + Math.min(2000 * 2 ** Math.min(tries, 5), 30_000), over));
  }

  private async load(userId: string, id: string): Promise<{ attempt: Account | null; connection: Connection | null }> {
    const found = await this.em.findOne(Account, { userId, id });
    if (!found) return { attempt: null, connection: null };
    const lock = { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true } as const;
    const connection = await this.em.findOne(Connection, { userId, id: found.connectionId }, lock);
    return { connection, attempt: await this.em.findOne(Account, { userId, id }, lock) };
  }
}
