import type { ChangeConnectionRequest } from '@gatehouse/contracts';
import { Transactional } from '@gatehouse/persistence';
import { Problem } from '@gatehouse/runtime';
import { LockMode } from '@mikro-orm/core';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable, NotFoundException } from '@nestjs/common';
import { ComposioEntity } from '../users/composio-entity.entity.js';
import { Connection } from './connection.entity.js';

const lock = { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true } as const;

export interface Change extends ChangeConnectionRequest {
  userId: string;
  id: string;
  /** What the person saw when they decided; undefined: whatever it is. */
  ifMatch: string | undefined;
}

@Injectable()
export class ChangeConnection {
  constructor(private readonly em: EntityManager) {}

  /** Its name, and whether runs use it. Both are the user's choice and say nothing about its state. */
  @Transactional()
  async execute({ userId, id, ifMatch, alias, default: makeDefault }: Change): Promise<Connection> {
    await this.em.findOne(ComposioEntity, { userId }, lock); // one of a user after the other: names and defaults are unique
    const connection = await this.em.findOne(Connection, { userId, id, state: { $ne: 'removed' } }, lock);
    if (!connection) throw new NotFoundException();
    if (ifMatch !== undefined && ifMatch !== '*' && ifMatch !== connection.tag())
      throw new Problem(412, 'outdated', 'This was changed meanwhile. Look at it again.');
    if (connection.isLeaving()) throw new Problem(409, 'connection_removing', 'This is being disconnected.');
    if (alias !== undefined) await this.rename(connection, alias ?? '');
    if (makeDefault) await this.makeDefault(connection);
    return connection;
  }

  private async rename(connection: Connection, alias: string): Promise<void> {
    const { userId, app, id } = connection;
    const taken = await this.em.count(Connection, { userId, app, alias, id: { $ne: id }, state: { $ne: 'removed' } });
    if (taken) throw new Problem(409, 'alias_taken', 'Another account of this app has this name.');
    connection.alias = alias;
  }

  private async makeDefault(connection: Connection): Promise<void> {
    const { userId, app } = connection;
    if (!connection.connectedAt) throw new Problem(409, 'not_connected', 'Connect it first.');
    const before = await this.em.findOne(Connection, { userId, app, isDefault: true }, lock);
    if (before) before.isDefault = false;
    await this.em.flush(); // before the other: only one is the default
    connection.isDefault = true;
  }
}
