import {
  type ChangeConnectionRequest,
  type ConnectionChangeView,
  type ConnectionView,
  changeConnectionRequest,
  type Page,
  type PageQuery,
  pageQuery,
} from '@gatehouse/contracts';
import { Access, Cursors, type Principal, SignedIn } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Body, Controller, Get, Headers, NotFoundException, Param, Patch, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { ChangeConnection } from './change-connection.js';
import { Connection } from './connection.entity.js';
import { presentChange, presentConnection } from './connection.presenter.js';
import { ConnectionChange } from './connection-change.entity.js';

@Controller('v1/connections/:id')
@Access('user')
export class OneConnectionController {
  constructor(
    private readonly em: EntityManager,
    private readonly cursors: Cursors,
    private readonly changeConnection: ChangeConnection,
  ) {}

  @Get()
  async get(
    @SignedIn() user: Principal,
    @Param('id', { schema: z.uuid() }) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ConnectionView> {
    return show(reply, await this.theirs(user, id));
  }

  @Patch()
  async change(
    @SignedIn() user: Principal,
    @Param('id', { schema: z.uuid() }) id: string,
    @Body({ schema: changeConnectionRequest }) change: ChangeConnectionRequest,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ConnectionView> {
    return show(reply, await this.changeConnection.execute({ userId: user.id, id, ifMatch, ...change }));
  }

  @Get('history')
  async history(
    @SignedIn() user: Principal,
    @Param('id', { schema: z.uuid() }) id: string,
    @Query({ schema: pageQuery }) { limit, cursor }: PageQuery,
  ): Promise<Page<ConnectionChangeView>> {
    const list = `history ${id}`;
    const [after] = this.cursors.read(cursor, user.id, list) ?? [];
    await this.theirs(user, id);
    const where = { userId: user.id, connectionId: id, ...(after && { id: { $lt: after } }) };
    const rows = await this.em.find(ConnectionChange, where, { orderBy: { id: 'desc' }, limit: limit + 1 });
    return this.cursors.page(rows, { limit, user: user.id, list, key: (row) => [row.id], present: presentChange });
  }

  /** Another user's, too, is not found: that it exists is not ours to tell. */
  private async theirs(user: Principal, id: string): Promise<Connection> {
    const connection = await this.em.findOne(Connection, { userId: user.id, id }, { refresh: true });
    if (!connection) throw new NotFoundException();
    return connection;
  }
}

function show(reply: FastifyReply, connection: Connection): ConnectionView {
  reply.header('etag', connection.tag());
  return presentConnection(connection);
}
