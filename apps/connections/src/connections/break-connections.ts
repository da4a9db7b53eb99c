import type { ConnectionExpired, EventOf } from '@gatehouse/contracts';
import { Transactional } from '@gatehouse/persistence';
import { LockMode } from '@mikro-orm/core';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Connection } from './connection.entity.js';

type News = EventOf<typeof ConnectionExpired>['data'];

@Injectable()
export class BreakConnections {
  constructor(private readonly em: EntityManager) {}

  @Transactional()
  async execute(news: readonly News[]): Promise<void> {
    const where = { userId: { $in: news.map(({ userId }) => userId) }, id: { $in: news.map(({ connectionId }) => connectionId) } };
    const found = await this.em.find(Connection, where, { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { id: 'asc' } });
    const byId = new Map(found.map((connection) => [connection.id, connection]));
    for (const item of news) {
      const connection = byId.get(item.connectionId);
      // A connection under another user's id is not that event's to break: the batch may hold both users.
      if (connection?.userId === item.userId) connection.break({ ...item, detectedAt: new Date(item.detectedAt) });
    }
  }
}
