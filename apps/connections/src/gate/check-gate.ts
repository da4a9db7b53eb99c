import type { Verdict } from '@gatehouse/contracts';
import { Transactional } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { config } from '../config.js';
import { Connection } from '../connections/connection.entity.js';
import { ComposioEntity } from '../users/composio-entity.entity.js';
import { verdictOf } from './verdict.js';

@Injectable()
export class CheckGate {
  constructor(private readonly em: EntityManager) {}

  /** From our own tables only, in one snapshot. An error is an error, never a yes. */
  @Transactional({ readOnly: true })
  async execute(userId: string, { required, optional }: { required: string[]; optional: string[] }): Promise<Verdict> {
    const entity = await this.em.findOne(ComposioEntity, { userId });
    const where = { userId, app: { $in: [...required, ...optional] }, state: { $ne: 'removed' as const } };
    const connections = required.length + optional.length ? await this.em.find(Connection, where) : [];
    return verdictOf({ userId, deleted: !!entity?.deletedAt, required, optional, connections, publicUrl: config.PUBLIC_URL });
  }
}
