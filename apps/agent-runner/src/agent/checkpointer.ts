import { failPoint } from '@gatehouse/messaging';
import { endSilentConnections } from '@gatehouse/persistence';
import { ToolMessage } from '@langchain/core/messages';
import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import { config } from '../config.js';
import { type Lease, LeaseLost } from '../queue/lease.js';

/** Its own schema and role: these tables have no user, so a thread is reached only through a run row read under row-level security. */
export const CHECKPOINT_SCHEMA = 'checkpoint';

@Injectable()
export class Checkpointer implements OnApplicationShutdown {
  private readonly pool = new pg.Pool({
    connectionString: config.DATABASE_URL,
    max: Math.min(config.RUNS_AT_ONCE, 5),
    connectionTimeoutMillis: 5_000,
    statement_timeout: 10_000,
    idle_in_transaction_session_timeout: 15_000,
  });

  constructor() {
    endSilentConnections(this.pool);
  }

  /** The saver of one run while it is held: each of its transactions begins with the check of the fence. */
  for(lease: Lease): PostgresSaver {
    return new RunSaver(new FencedPool(this.pool, lease) as unknown as pg.Pool, undefined, { schema: CHECKPOINT_SCHEMA });
  }

  /** Removes what was kept of runs that are over. Without a fence: nobody holds them. */
  async forget(userId: string, runIds: readonly string[]): Promise<void> {
    for (const runId of runIds) {
      const pool = new FencedPool(this.pool, { runId, userId, fence: ENDED });
      await new PostgresSaver(pool as unknown as pg.Pool, undefined, { schema: CHECKPOINT_SCHEMA }).deleteThread(runId);
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }
}

const dieBeforeToolResult = failPoint(config, 'run.checkpointing');

class RunSaver extends PostgresSaver {
  override putWrites(...[runnable, writes, taskId]: Parameters<PostgresSaver['putWrites']>): Promise<void> {
    if (writes.some(([, value]) => Array.isArray(value) && ToolMessage.isInstance(value[0]))) dieBeforeToolResult();
    return super.putWrites(runnable, writes, taskId);
  }
}

const ENDED = -1;
const SESSION = `select set_config('app.user_ids', $1, true), set_config('role', 'agent_runner_checkpoint', true)`;
const HELD = `select 1 from run where id = $1 and user_id = $2 and fence = $3 and state = 'running' for share`;
const OVER = `select 1 from run where id = $1 and user_id = $2 and state in ('completed', 'failed', 'cancelled') for share`;

/** As much of a pool as the saver uses. The stock saver locks nothing: two owners of a thread would interleave. */
class FencedPool {
  constructor(
    private readonly pool: pg.Pool,
    private readonly lease: Lease,
  ) {}

  async connect(): Promise<Pick<pg.PoolClient, 'query' | 'release'>> {
    const client = await this.pool.connect();
    const query = async (text: string, values?: unknown[]) => {
      if (text !== 'BEGIN') return client.query(text, values);
      await this.begin(client);
    };
    return { query, release: () => client.release() } as unknown as pg.PoolClient;
  }

  async query(text: string, values?: unknown[]): Promise<pg.QueryResult> {
    const client = await this.pool.connect();
    try {
      await this.begin(client);
      const result = await client.query(text, values);
      await client.query('commit');
      return result;
    } catch (error) {
      await client.query('rollback');
      throw error;
    } finally {
      client.release();
    }
  }

  private async begin(client: pg.PoolClient): Promise<void> {
    const { runId, userId, fence } = this.lease;
    await client.query('begin');
    await client.query(SESSION, [userId]);
    const { rowCount } = fence === ENDED ? await client.query(OVER, [runId, userId]) : await client.query(HELD, [runId, userId, fence]);
    if (!rowCount) throw new LeaseLost(`run ${runId} is no longer held with fence ${fence}`);
  }
}
