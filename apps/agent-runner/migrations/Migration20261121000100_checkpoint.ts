import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres';
import { Migration } from '@mikro-orm/migrations';
import type pg from 'pg';

const SCHEMA = 'checkpoint';
const ROLE = 'agent_runner_checkpoint';

/** LangGraph's own tables, by its own set-up, in a schema of their own: they have no user, so one role reaches them and nobody else does. */
export class Migration20261121000100_checkpoint extends Migration {
  override async up(): Promise<void> {
    await this.execute(`create schema if not exists ${SCHEMA}`);
    // The set-up asks for its version and takes "no such table" for none: inside a transaction that error would end it.
    await this.execute(`create table if not exists ${SCHEMA}.checkpoint_migrations (v integer primary key)`);
    const query = async (text: string, values: number[] = []) => ({ rows: await this.execute(text.replace('$1', String(values[0]))) });
    const pool = { connect: async () => ({ query, release: () => undefined }) };
    await new PostgresSaver(pool as unknown as pg.Pool, undefined, { schema: SCHEMA }).setup();
    await this.execute(`grant usage on schema ${SCHEMA} to ${ROLE}`);
    await this.execute(`grant select, insert, update, delete on all tables in schema ${SCHEMA} to ${ROLE}`);
    await this.execute(`alter policy own_rows on run to agent_runner_app, ${ROLE}`);
    await this.execute(`grant select on run to ${ROLE}`);
    // "for share" asks for the right to update some column.
    await this.execute(`grant update (owner, lease_until, fence) on run to ${ROLE}`);
  }
}
