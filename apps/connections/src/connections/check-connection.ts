import { accountId, COMPOSIO, type Account as ComposioAccount, type ComposioPort, entityId, NotFound } from '@gatehouse/composio';
import { ConnectionActivated } from '@gatehouse/contracts';
import { Outbox } from '@gatehouse/messaging';
import { Transactional } from '@gatehouse/persistence';
import { LockMode } from '@mikro-orm/core';
import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable, NotFoundException } from '@nestjs/common';
import { composioProblem } from '../composio-problem.js';
import { Account } from './account.entity.js';
import { Connection } from './connection.entity.js';
import { isUsable } from './provider-status.js';

@Injectable()
export class CheckConnection {
  constructor(
    private readonly em: EntityManager,
    private readonly outbox: Outbox,
    @Inject(COMPOSIO) private readonly composio: ComposioPort,
  ) {}

  /** Reads the account now. Its owner was proven when it became active, so one that works again is active again. */
  async execute(userId: string, id: string): Promise<Connection> {
    const connection = await this.em.findOne(Connection, { userId, id });
    if (!connection) throw new NotFoundException();
    if (!connection.accountId || connection.isLeaving()) return connection;
    return this.note(userId, id, connection.accountId, await this.read(userId, connection.accountId));
  }

  private async read(userId: string, id: string): Promise<ComposioAccount | null> {
    try {
      return await this.composio.getAccount({ id: accountId(id), owner: entityId(userId) }, { budget: 'interactive' });
    } catch (error) {
      if (error instanceof NotFound) return null;
      throw composioProblem(error);
    }
  }

  @Transactional()
  async note(userId: string, id: string, seenAccount: string, account: ComposioAccount | null): Promise<Connection> {
    const connection = await this.em.findOneOrFail(Connection, { userId, id }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
    if (connection.isLeaving() || connection.accountId !== seenAccount) return connection;
    const reason = account ? account.statusReason : 'deleted at Composio';
    const usable = isUsable(account, connection.app);
    const works = connection.observe({ status: account?.rawStatus ?? 'DELETED', reason, usable }, 'check', new Date());
    if (works) {
      const { app, alias, epoch } = connection;
      const named = alias ? { alias } : {};
      this.outbox.add(ConnectionActivated, { connectionId: id, userId, app, ...named, accountId: seenAccount, epoch, reconnected: true });
    }
    if (usable) await this.labelAgain(userId, id);
    return connection;
  }

  private async labelAgain(userId: string, connectionId: string): Promise<void> {
    await this.em.nativeUpdate(Account, { userId, connectionId, state: 'active' }, { workAt: new Date(), tries: 0 });
  }
}
