import { type ConnectionView, type disconnected, type Page, type PageQuery, pageQuery } from '@gatehouse/contracts';
import { Access, Cursors, type Principal, SignedIn } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Controller, Delete, Get, HttpCode, NotFoundException, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { StartRemovals } from '../removals/start-removals.js';
import { CheckConnection } from './check-connection.js';
import { Connection } from './connection.entity.js';
import { presentConnection } from './connection.presenter.js';

const LIST = 'connections';

@Controller('v1/connections')
@Access('user')
export class ConnectionsController {
  constructor(
    private readonly em: EntityManager,
    private readonly cursors: Cursors,
    private readonly checkConnection: CheckConnection,
    private readonly startRemovals: StartRemovals,
  ) {}

  @Get()
  async list(@SignedIn() user: Principal, @Query({ schema: pageQuery }) { limit, cursor }: PageQuery): Promise<Page<ConnectionView>> {
    const after = this.cursors.read(cursor, user.id, LIST);
    const [at = '', id = ''] = after ?? [];
    const older = after ? { $or: [{ createdAt: { $lt: new Date(at) } }, { createdAt: new Date(at), id: { $lt: id } }] } : {};
    const where = { userId: user.id, state: { $ne: 'removed' as const }, ...older };
    const rows = await this.em.find(Connection, where, { orderBy: { createdAt: 'desc', id: 'desc' }, limit: limit + 1 });
    const key = (row: Connection) => [row.createdAt.toISOString(), row.id];
    return this.cursors.page(rows, { limit, user: user.id, list: LIST, key, present: presentConnection });
  }

  @Post(':id/check')
  @HttpCode(200)
  async check(@SignedIn() user: Principal, @Param('id', { schema: z.uuid() }) id: string): Promise<ConnectionView> {
    return presentConnection(await this.checkConnection.execute(user.id, id));
  }

  @Delete(':id')
  @HttpCode(202)
  async disconnect(@SignedIn() user: Principal, @Param('id', { schema: z.uuid() }) id: string): Promise<z.output<typeof disconnected>> {
    await this.theirs(user, id);
    await this.startRemovals.execute({ userIds: [user.id], connectionId: id, by: 'user' });
    const { state, removalOutcome } = await this.theirs(user, id);
    return { id, status: state, outcome: (removalOutcome ?? 'pending') as z.output<typeof disconnected>['outcome'] };
  }

  /** Another user's, too, is not found: that it exists is not ours to tell. */
  private async theirs(user: Principal, id: string): Promise<Connection> {
    const connection = await this.em.findOne(Connection, { userId: user.id, id }, { refresh: true });
    if (!connection) throw new NotFoundException();
    return connection;
  }
}
