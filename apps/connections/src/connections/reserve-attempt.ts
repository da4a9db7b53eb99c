import { randomUUID } from 'node:crypto';
import { appName } from '@gatehouse/contracts';
import { Transactional } from '@gatehouse/persistence';
import { Problem } from '@gatehouse/runtime';
import { openSwitches } from '@gatehouse/switches';
import { LockMode } from '@mikro-orm/core';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable, NotFoundException } from '@nestjs/common';
import { pausedMessage } from '../gate/verdict.js';
import { ComposioEntity } from '../users/composio-entity.entity.js';
import { EnsureEntities } from '../users/ensure-entities.js';
import { Account, ATTEMPT_MS } from './account.entity.js';
import { Connection } from './connection.entity.js';

const ATTEMPTS_AN_HOUR = 20;
const CONNECTIONS = 100;
const ALIASES_AN_APP = 10;
const HOUR_MS = 3_600_000;
const PAUSED_RETRY_SECONDS = 60;
const lock = { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true } as const;

export interface Wish {
  userId: string;
  /** A new one, or one that is there and shall be connected again. */
  slot: { app: string; alias: string } | { connectionId: string };
  /** SHA-256 of the secret that the asking browser holds. */
  browserHash: string;
}

@Injectable()
export class ReserveAttempt {
  constructor(
    private readonly em: EntityManager,
    private readonly ensureEntities: EnsureEntities,
  ) {}

  /** One open attempt a connection: `mine` is false when a fresh one was there before. */
  @Transactional()
  async execute(wish: Wish): Promise<{ attempt: Account; mine: boolean }> {
    const { userId, browserHash } = wish;
    await this.lockUser(userId);
    const connection = await this.connectionFor(wish);
    await this.refusePaused(userId, connection.app);
    const now = new Date();
    const open = await this.em.findOne(Account, { userId, connectionId: connection.id, state: { $in: ['starting', 'pending'] } }, lock);
    if (open?.fresh(now)) return { attempt: open, mine: false };
    open?.giveUp('timed_out');
    await this.em.flush(); // before the insert: only one attempt may be open
    await this.limitAttempts(userId, now);
    connection.expect();
    const attempt = this.em.create(Account, {
      id: randomUUID(),
      userId,
      connectionId: connection.id,
      app: connection.app,
      state: 'starting',
      browserHash,
      expiresAt: new Date(now.getTime() + ATTEMPT_MS),
      workAt: new Date(now.getTime() + ATTEMPT_MS),
      createdAt: now,
    });
    return { attempt, mine: true };
  }

  /** One click of a person after the other; and not after their deletion. `user.created` may still be on its way. */
  private async lockUser(userId: string): Promise<void> {
    await this.ensureEntities.execute([userId]);
    const entity = await this.em.findOneOrFail(ComposioEntity, { userId }, lock);
    if (entity.deletedAt) throw new Problem(403, 'user_deleted', 'This account was deleted.');
  }

  /** Not even the link of an attempt that was started before. */
  private async refusePaused(userId: string, app: string): Promise<void> {
    const stopped = await openSwitches(this.em, { userId, apps: [app] });
    if (stopped.length) throw new Problem(503, 'paused', pausedMessage(appName(app)), { retryAfterSeconds: PAUSED_RETRY_SECONDS });
  }

  private async connectionFor({ userId, slot }: Wish): Promise<Connection> {
    const where = 'connectionId' in slot ? { id: slot.connectionId } : { ...slot };
    const found = await this.em.findOne(Connection, { userId, ...where, state: { $ne: 'removed' } }, lock);
    if (found?.state === 'removing')
      throw new Problem(409, 'connection_removing', 'This is still being disconnected. Try again in a moment.');
    if (found) return found;
    if ('connectionId' in slot) throw new NotFoundException();
    const all = await this.em.find(Connection, { userId, state: { $ne: 'removed' } }, { fields: ['app'], limit: CONNECTIONS });
    if (all.length >= CONNECTIONS)
      throw new Problem(409, 'too_many_connections', `You have ${CONNECTIONS} connections, which is the limit.`);
    if (all.filter(({ app }) => app === slot.app).length >= ALIASES_AN_APP) {
      throw new Problem(409, 'too_many_aliases', `You have ${ALIASES_AN_APP} accounts of this app, which is the limit.`);
    }
    return this.em.create(Connection, { id: randomUUID(), userId, ...slot, createdAt: new Date() });
  }

  private async limitAttempts(userId: string, now: Date): Promise<void> {
    const since = new Date(now.getTime() - HOUR_MS);
    const recent = await this.em.find(
      Account,
      { userId, createdAt: { $gt: since } },
      { orderBy: { createdAt: 'desc' }, limit: ATTEMPTS_AN_HOUR },
    );
    const oldest = recent.at(-1);
    if (recent.length < ATTEMPTS_AN_HOUR || !oldest) return;
    const retryAfterSeconds = Math.max(1, Math.ceil((oldest.createdAt.getTime() + HOUR_MS - now.getTime()) / 1000));
    throw new Problem(429, 'too_many_attempts', 'Too many tries in an hour. Try again later.', { retryAfterSeconds });
  }
}
