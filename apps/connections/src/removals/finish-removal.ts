import { ConnectionRemoved } from '@gatehouse/contracts';
import { Outbox } from '@gatehouse/messaging';
import { Transactional } from '@gatehouse/persistence';
import { LockMode } from '@mikro-orm/core';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Account } from '../connections/account.entity.js';
import { Connection } from '../connections/connection.entity.js';
import { ComposioEntity } from '../users/composio-entity.entity.js';
import { PurgeUsers } from '../users/purge-users.js';

const lock = { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true } as const;

@Injectable()
export class FinishRemoval {
  constructor(
    private readonly em: EntityManager,
    private readonly outbox: Outbox,
    private readonly purgeUsers: PurgeUsers,
  ) {}

  /** The account is gone at Composio. With the last one of a connection that leaves, the connection is removed, and that is told. */
  @Transactional()
  async execute({ userId, id, outcome }: { userId: string; id: string; outcome: string }): Promise<void> {
    // One of a user after the other: of two that end at once, the later must see that it is the last.
    await this.em.findOne(ComposioEntity, { userId }, lock);
    const { connectionId } = await this.em.findOneOrFail(Account, { userId, id });
    const connection = await this.em.findOneOrFail(Connection, { userId, id: connectionId }, lock);
    const account = await this.em.findOneOrFail(Account, { userId, id }, lock);
    if (account.state !== 'removing') return;
    account.gone();
    if (connection.state === 'removing') await this.leave(connection, account, outcome);
    await this.em.flush();
    await this.purgeUsers.execute([userId]);
  }

  private async leave(connection: Connection, account: Account, outcome: string): Promise<void> {
    const { userId, id: connectionId } = connection;
    if (account.accountId === connection.accountId) connection.removalOutcome = outcome;
    await this.em.flush();
    if (await this.em.count(Account, { userId, connectionId, state: 'removing' })) return;
    connection.state = 'removed';
    connection.removedAt = new Date();
    if (connection.removalOutcome === 'pending') connection.removalOutcome = outcome;
    this.tell(connection);
  }

  /** Nobody heard of what never was active, so nobody hears that it is gone. */
  private tell({ id, userId, app, accountId, removedBy }: Connection): void {
    if (!accountId) return;
    const by = removedBy === 'user' || removedBy === 'operator' || removedBy === 'user.deleted' ? removedBy : 'unknown';
    this.outbox.add(ConnectionRemoved, { connectionId: id, userId, app, accountId, by });
  }
}
