import { type ConnectAttempt, type ConnectionView, type ConnectRequest, completeRequest, connectRequest } from '@gatehouse/contracts';
import { Access, type Principal, SignedIn, type SignedInRequest } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Body, Controller, HttpCode, NotFoundException, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { AppList } from '../apps/app-list.js';
import { browserSecret } from '../callback/browser-secret.js';
import { CompleteConnection } from '../callback/complete-connection.js';
import { ConnectApp } from './connect-app.js';
import { Connection } from './connection.entity.js';
import { presentConnection } from './connection.presenter.js';
import type { Wish } from './reserve-attempt.js';

/** Leaving for the provider, and coming back. */
@Controller('v1/connections')
@Access('user')
export class ConnectingController {
  constructor(
    private readonly em: EntityManager,
    private readonly apps: AppList,
    private readonly connectApp: ConnectApp,
    private readonly completeConnection: CompleteConnection,
  ) {}

  @Post()
  async connect(
    @SignedIn() user: Principal,
    @Body({ schema: connectRequest }) { app, alias = '' }: ConnectRequest,
    @Req() request: SignedInRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ConnectAttempt> {
    await this.apps.mustBeConnectable(app);
    return this.start(user, { app, alias }, request, reply);
  }

  @Post(':id/reconnect')
  async reconnect(
    @SignedIn() user: Principal,
    @Param('id', { schema: z.uuid() }) id: string,
    @Req() request: SignedInRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ConnectAttempt> {
    const connection = await this.em.findOne(Connection, { userId: user.id, id, state: { $ne: 'removed' } });
    if (!connection) throw new NotFoundException();
    await this.apps.mustBeConnectable(connection.app);
    return this.start(user, { connectionId: id }, request, reply);
  }

  @Post('complete')
  @HttpCode(200)
  async complete(
    @SignedIn() user: Principal,
    @Body({ schema: completeRequest }) { sessionUri }: z.output<typeof completeRequest>,
  ): Promise<ConnectionView> {
    return presentConnection(await this.completeConnection.execute({ userId: user.id, sessionUri }));
  }

  private async start(user: Principal, slot: Wish['slot'], request: SignedInRequest, reply: FastifyReply): Promise<ConnectAttempt> {
    const { hash, setCookie } = browserSecret(request.headers.cookie);
    const { connectionId, connectUrl, expiresAt, mine } = await this.connectApp.execute({ userId: user.id, slot, browserHash: hash });
    // A click that joins an attempt of another browser gets no secret: that browser is asked on its return.
    if (mine) reply.header('set-cookie', setCookie);
    reply.header('cache-control', 'no-store');
    return { id: connectionId, connectUrl, expiresAt: expiresAt.toISOString() };
  }
}
