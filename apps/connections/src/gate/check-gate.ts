import type { GateRequest, Verdict } from '@gatehouse/contracts';
import { readOwn } from '@gatehouse/persistence';
import { concerns, type OpenSwitch } from '@gatehouse/switches';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { config } from '../config.js';
import { type GateConnection, verdictOf } from './verdict.js';

/** A connection beside what is known of its user, and what is stopped for them; `id` is null where there is no connection. */
type Row = { deleted: boolean; switches: Pick<OpenSwitch, 'scope' | 'target'>[] } & (GateConnection | { id: null });

const QUESTION = `
  select e.deleted_at is not null as deleted, c.id, c.app, c.alias, c.state, c.account_id as "accountId", c.epoch,
    c.is_default as "isDefault", c.connected_at is not null as "wasConnected", extract(epoch from c.created_at)::float8 as "createdAt",
    array(select json_build_object('scope', s.scope, 'target', s.target) from switch s
      where ${concerns({ user: '$1', apps: '$2::text[]' })}) as switches
  from (select $1::text as user_id) asked left join composio_entity e using (user_id)
    left join connection c on c.user_id = asked.user_id and c.app = any($2::text[]) and c.state <> 'removed'`;

@Injectable()
export class CheckGate {
  constructor(private readonly em: EntityManager) {}

  /** From our own tables only, in one statement: every run begins with this question. An error is an error, never a yes. */
  async execute(userId: string, { required, optional, accounts = {} }: GateRequest['apps']): Promise<Verdict> {
    const values = [userId, [...required, ...optional]];
    const rows = await readOwn<Row>(this.em, userId, { name: 'gate', text: QUESTION, values });
    const connections = rows.filter((row) => row.id !== null);
    const deleted = rows.some((row) => row.deleted);
    const switches = rows[0]?.switches ?? [];
    return verdictOf({ userId, deleted, switches, required, optional, aliases: accounts, connections, publicUrl: config.PUBLIC_URL });
  }
}
