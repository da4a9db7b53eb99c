import { setTimeout as wait } from 'node:timers/promises';
import { COMPOSIO, type ComposioPort, entityId } from '@gatehouse/composio';
import { Transactional } from '@gatehouse/persistence';
import { Problem } from '@gatehouse/runtime';
import { LockMode } from '@mikro-orm/core';
import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { seal, unseal } from '../callback/seal.js';
import { composioProblem, notConfigured } from '../composio-problem.js';
import { config } from '../config.js';
import { Account, ATTEMPT_MS, STARTING_MS } from './account.entity.js';
import { Connection } from './connection.entity.js';
import { ReserveAttempt, type Wish } from './reserve-attempt.js';

const LINK = 'connect link';

export interface Started {
  connectionId: string;
  connectUrl: string;
  expiresAt: Date;
  /** False: a click before this one started it, and this one gets the same link. */
  mine: boolean;
}

@Injectable()
export class ConnectApp {
  constructor(
    private readonly em: EntityManager,
    @Inject(COMPOSIO) private readonly composio: ComposioPort,
    private readonly reserve: ReserveAttempt,
  ) {}

  async execute(wish: Wish): Promise<Started> {
    if (!config.CONNECT_UNVERIFIED && !(config.CONNECT_VERIFIER && this.composio.supports.verifiedReturn)) throw notConfigured();
    const { attempt, mine } = await this.reserve.execute(wish); // 1 the row says it will happen; a second click gets the first one's
    if (!mine) return this.linkOf(attempt);
    const link = await this.start(attempt); // 2 it happens; a crash here leaves an attempt that Composio ends in ten minutes
    const started = await this.remember(attempt, link.accountId, link.redirectUrl.href, link.expiresAt); // 3 the row says it did
    if (!started) throw new Problem(409, 'connection_removed', 'This connection was removed in the meantime.');
    return started;
  }

  private async start({ id, userId, app }: Account) {
    try {
      const returnTo = new URL(`${config.PUBLIC_URL}/connect/verify`);
      return await this.composio.startConnection({ owner: entityId(userId), app, returnTo }, { budget: 'interactive' });
    } catch (error) {
      await this.abandon(userId, id);
      throw composioProblem(error);
    }
  }

  @Transactional()
  async remember({ userId, id, connectionId }: Account, accountId: string, url: string, until: Date): Promise<Started | null> {
    const lock = { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true } as const;
    const connection = await this.em.findOne(Connection, { userId, id: connectionId }, lock);
    const attempt = await this.em.findOne(Account, { userId, id }, lock);
    if (!connection || !attempt) return null; // the user was deleted meanwhile; Composio ends the attempt by itself
    if (connection.isLeaving() || !attempt.isOpen()) {
      attempt.accountId = accountId;
      attempt.owe('removed while it was started', { revoke: true });
      return null;
    }
    const expiresAt = new Date(Math.min(until.getTime(), Date.now() + ATTEMPT_MS));
    attempt.started(accountId, seal(url, LINK), expiresAt);
    if (config.CONNECT_UNVERIFIED) attempt.workAt = new Date(Date.now() + 2000); // nobody brings proof: only looking tells
    return { connectionId, connectUrl: url, expiresAt, mine: true };
  }

  @Transactional()
  async abandon(userId: string, id: string): Promise<void> {
    const attempt = await this.em.findOne(Account, { userId, id }, { refresh: true });
    if (!attempt?.isOpen()) return;
    attempt.giveUp('failed');
    const connection = await this.em.findOne(Connection, { userId, id: attempt.connectionId }, { refresh: true });
    connection?.giveUp('failed', 'user');
  }

  /** The first click may still be asking Composio: its link is waited for, so that both get the same one. */
  private async linkOf({ id, userId }: Account): Promise<Started> {
    const until = Date.now() + STARTING_MS;
    while (Date.now() < until) {
      const attempt = await this.em.findOne(Account, { userId, id }, { refresh: true });
      const connectUrl = attempt?.sealedLink ? unseal(attempt.sealedLink, LINK) : undefined;
      if (attempt?.state === 'pending' && connectUrl) {
        return { connectionId: attempt.connectionId, connectUrl, expiresAt: attempt.expiresAt, mine: false };
      }
      if (attempt?.state !== 'starting') break;
      await wait(100);
    }
    throw new Problem(409, 'connect_in_progress', 'Another attempt to connect this is under way. Try again in a moment.', {
      retryAfterSeconds: 5,
    });
  }
}
