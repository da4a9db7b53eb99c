import { ConnectionRemoved } from '@gatehouse/contracts';
import { Outbox } from '@gatehouse/messaging';
import { Transactional } from '@gatehouse/persistence';
import { LockMode } from '@mikro-orm/core';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Account } from '../connections/account.entity.js';
import { Connection } from '../connections/connection.entity.js';
import { PurgeUsers } from '../users/purge-users.js';

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
    const { connectionId } = await this.em.findOneOrFail(Account, { userId, id });
    const connection = await this.em.findOneOrFail(Connection, { userId, id: connectionId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    const account = await this.em.findOneOrFail(Account, { userId, id }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
    if (account.state !== 'removing') return;
    account.gone();
    if (connection.state !== 'removing') return;
    if (account.accountId === connection.accountId) connection.removalOutcome = outcome;
    await this.em.flush();
    if (await this.em.count(Account, { userId, connectionId, state: 'removing' })) return;
    connection.state = 'removed';
    if (connection.removalOutcome === 'pending') connection.removalOutcome = outcome;
    this.tell(connection);
    await this.em.flush();
    await this.purgeUsers.execute([userId]);
  }

  /** Nobody heard of what never was active, so nobody hears that it is gone. */
  private tell({ id, userId, app, accountId, removedBy }: Connection): void {
    if (!accountId) return;
    const by = removedBy === 'user' || removedBy === 'operator' || removedBy === 'user.deleted' ? removedBy : 'unknown';
    this.outbox.add(ConnectionRemoved, { connectionId: id, userId, app, accountId, by });
  }
}
