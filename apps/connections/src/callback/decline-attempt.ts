import { Transactional } from '@gatehouse/persistence';
import { LockMode } from '@mikro-orm/core';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Account } from '../connections/account.entity.js';
import { Connection } from '../connections/connection.entity.js';

const lock = { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true } as const;

@Injectable()
export class DeclineAttempt {
  constructor(private readonly em: EntityManager) {}

  /**
   * The browser that left came back with a no, and its link is used up: the next click has to get another one. Which attempt it was is said
   * by `accountId`, if the provider's return names it; else it is the newest of this browser. Returns its connection.
   */
  @Transactional()
  async execute(userId: string, browserHash: string, accountId?: string): Promise<string | undefined> {
    const where = { userId, browserHash, state: 'pending' as const, ...(accountId && { accountId }) };
    const found = await this.em.findOne(Account, where, { orderBy: { createdAt: 'desc' } });
    if (!found) return undefined;
    const connection = await this.em.findOne(Connection, { userId, id: found.connectionId }, lock);
    const attempt = await this.em.findOne(Account, { userId, id: found.id }, lock);
    if (!connection || attempt?.state !== 'pending') return undefined;
    attempt.giveUp('declined');
    connection.giveUp('declined', 'callback');
    return connection.id;
  }
}
