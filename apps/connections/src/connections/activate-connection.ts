import type { Account as ComposioAccount } from '@gatehouse/composio';
import { ConnectionActivated } from '@gatehouse/contracts';
import { Outbox } from '@gatehouse/messaging';
import { Transactional } from '@gatehouse/persistence';
import { log } from '@gatehouse/runtime';
import { LockMode } from '@mikro-orm/core';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Redemption } from '../callback/redemption.entity.js';
import { config } from '../config.js';
import { ComposioEntity } from '../users/composio-entity.entity.js';
import { Account } from './account.entity.js';
import { Connection } from './connection.entity.js';
import { isTheirs } from './provider-status.js';

/** How long a redemption may be in flight before it counts as one whose answer was lost. */
const IN_FLIGHT_MS = 30_000;
const security = log('security');
const lock = { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true } as const;

export type Activation =
  | { connection: Connection }
  | { refused: 'no_attempt' | 'too_late' | 'not_active' | 'not_theirs' | 'no_proof' | 'wait' };

@Injectable()
export class ActivateConnection {
  constructor(
    private readonly em: EntityManager,
    private readonly outbox: Outbox,
  ) {}

  /**
   * Proof (a redemption of this very user) and truth (`account`, as just read from Composio) together make a connection active, once,
   * whoever brings them; who just redeemed a session names it. An account that is ACTIVE without proof, or when nobody waits for it, is not used and has to go.
   */
  @Transactional()
  async execute(userId: string, account: ComposioAccount, sessionHash?: string): Promise<Activation> {
    const ids = [account.id, ...account.otherIds];
    const known = await this.em.findOne(Account, { userId, accountId: { $in: ids } }, { orderBy: { createdAt: 'desc' } });
    if (!known) return { refused: 'no_attempt' };
    await this.em.findOne(ComposioEntity, { userId }, lock); // one of a user after the other: which is the default depends on what there is
    const connection = await this.em.findOneOrFail(Connection, { userId, id: known.connectionId }, lock);
    const attempt = await this.em.findOneOrFail(Account, { userId, id: known.id }, lock);
    if (attempt.state === 'active') return { connection };
    if (account.status !== 'ACTIVE') return { refused: 'not_active' };
    if (attempt.state === 'removing' || attempt.state === 'removed') return { refused: 'too_late' };
    const proof = await this.proofOf(attempt, ids, sessionHash);
    if (proof === 'in flight') return { refused: 'wait' };
    const by = sessionHash ? 'callback' : 'poll';
    if (!proof && !config.CONNECT_UNVERIFIED) return this.alarm(attempt, connection);
    if (proof) Object.assign(proof, { outcome: 'accepted', accountId: account.id });
    if (attempt.state !== 'pending' || connection.isLeaving()) {
      attempt.owe('nobody waited for it any more', { revoke: true });
      return { refused: 'too_late' };
    }
    if (!isTheirs(account, attempt)) return this.reject(attempt, connection, by);
    await this.supersede(connection, attempt, ids);
    attempt.activated(account.id);
    const reconnected = connection.activate(account, by, new Date());
    if (!connection.isDefault) connection.isDefault = await this.isOnlyOne(connection);
    this.tell(connection, reconnected);
    return { connection };
  }

  /** The first of an app is its default, until its user chooses another. */
  private async isOnlyOne({ id, userId, app }: Connection): Promise<boolean> {
    const others = { userId, app, id: { $ne: id }, connectedAt: { $ne: null }, state: { $nin: ['removing' as const, 'removed' as const] } };
    return (await this.em.count(Connection, others)) === 0;
  }

  private async proofOf({ userId, createdAt }: Account, ids: string[], sessionHash?: string): Promise<Redemption | 'in flight' | null> {
    const since = { userId, createdAt: { $gte: createdAt } };
    const named = await this.em.findOne(Redemption, { userId, ...(sessionHash ? { sessionHash } : { accountId: { $in: ids } }) }, lock);
    if (named) return named;
    const open = await this.em.findOne(Redemption, { ...since, accountId: null, outcome: { $in: ['open', 'unknown'] } }, lock);
    const inFlight = open?.outcome === 'open' && open.createdAt.getTime() + IN_FLIGHT_MS > Date.now();
    return inFlight ? 'in flight' : open;
  }

  /** The old account is deleted, never revoked: both may be one grant at the provider, and the new one would die with it. */
  private async supersede(connection: Connection, attempt: Account, ids: string[]): Promise<void> {
    const before = await this.em.find(Account, { userId: attempt.userId, connectionId: connection.id, state: 'active' }, lock);
    for (const old of before) {
      if (old.accountId && ids.includes(old.accountId)) old.gone();
      else old.owe('superseded', { revoke: false });
    }
  }

  private tell({ id, userId, app, alias, accountId, epoch }: Connection, reconnected: boolean): void {
    if (!accountId) throw new Error('an active connection has an account');
    const named = alias ? { alias } : {};
    this.outbox.add(ConnectionActivated, { connectionId: id, userId, app, ...named, accountId, epoch, reconnected });
  }

  private alarm(attempt: Account, connection: Connection): Activation {
    security.error(
      { event: 'verifier_bypassed', connectionId: connection.id, attemptId: attempt.id },
      'an account is ACTIVE without proof',
    );
    attempt.owe('verifier_bypassed', { revoke: true });
    connection.giveUp('verifier_bypassed', 'poll');
    return { refused: 'no_proof' };
  }

  private reject(attempt: Account, connection: Connection, by: 'callback' | 'poll'): Activation {
    security.error(
      { event: 'account_not_theirs', connectionId: connection.id, attemptId: attempt.id },
      'not the account that was asked for',
    );
    attempt.owe('account_not_theirs', { revoke: false });
    connection.giveUp('account_not_theirs', by);
    return { refused: 'not_theirs' };
  }
}
