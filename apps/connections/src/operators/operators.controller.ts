import { type ConnectionHealth, type Timeline, type TimelineQuery, timelineQuery, userId as validUser } from '@gatehouse/contracts';
import { asUsers } from '@gatehouse/persistence';
import { Access } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { Connection } from '../connections/connection.entity.js';
import { ConnectionChange } from '../connections/connection-change.entity.js';
import { MeasureConnections } from './measure-connections.js';

/** How connections fare, for operators. */
@Controller('admin')
@Access('operator')
export class OperatorsController {
  constructor(
    private readonly em: EntityManager,
    private readonly measureConnections: MeasureConnections,
  ) {}

  @Get('health')
  health(): Promise<ConnectionHealth> {
    return this.measureConnections.execute();
  }

  @Get('users/:userId/timeline')
  timeline(
    @Param('userId', { schema: validUser }) userId: string,
    @Query({ schema: timelineQuery }) { limit, before }: TimelineQuery,
  ): Promise<Timeline> {
    return asUsers(this.em, [userId], async () => {
      const where = { userId, ...(before && { at: { $lt: new Date(before) } }) };
      const changes = await this.em.find(ConnectionChange, where, { orderBy: { at: 'desc', id: 'desc' }, limit: limit + 1 });
      const ids = [...new Set(changes.map(({ connectionId }) => connectionId))];
      const connections = await this.em.find(Connection, { userId, id: { $in: ids } }, { fields: ['app'] });
      const apps = new Map(connections.map(({ id, app }) => [id, app]));
      const data = changes.slice(0, limit).map(({ at, connectionId, state, detectedBy }) => {
        return {
          at: at.toISOString(),
          kind: 'connection',
          id: connectionId,
          app: apps.get(connectionId) ?? null,
          state,
          detail: detectedBy,
        };
      });
      return { data, more: changes.length > limit };
    });
  }
}
