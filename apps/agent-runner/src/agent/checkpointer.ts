import { failPoint } from '@gatehouse/messaging';
import { endSilentConnections } from '@gatehouse/persistence';
import { ToolMessage } from '@langchain/core/messages';
import type { RunnableConfig } from '@langchain/core/runnables';
import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import { config } from '../config.js';
import { type Lease, LeaseLost, lost } from '../queue/lease.js';
import { FencedPool, type Guard } from './fenced-pool.js';

/** Its own schema and role: these tables have no user, so a thread is reached only through a run row read under row-level security. */
export const CHECKPOINT_SCHEMA = 'checkpoint';

/** Locked: a take-over waits for what is being written, and what comes after it is refused. */
const HELD = 'select from run where id = $1 and user_id = $2 and fence = $3 and state = $4 for share';
const OVER = `select from run where id = $1 and user_id = $2 and state in ('completed', 'failed', 'cancelled') for share`;

const dieBeforeToolResult = failPoint(config, 'run.checkpointing');

type Tuple = Awaited<ReturnType<PostgresSaver['getTuple']>>;

/** The saver of one run in one pair of hands. */
export class RunSaver extends PostgresSaver {
  private known: { tuple: Tuple } | undefined;

  /** Where the run stands. The graph, which asks the same before its first step, is then given this. */
  async first(thread: RunnableConfig): Promise<Tuple> {
    const tuple = await super.getTuple(thread);
    this.known = { tuple };
    return tuple;
  }

  override async getTuple(thread: RunnableConfig): Promise<Tuple> {
    const { known } = this;
    this.known = undefined;
    return known ? known.tuple : super.getTuple(thread);
  }

  override putWrites(...[thread, writes, taskId]: Parameters<PostgresSaver['putWrites']>): Promise<void> {
    if (writes.some(([, value]) => Array.isArray(value) && ToolMessage.isInstance(value[0]))) dieBeforeToolResult();
    return super.putWrites(thread, writes, taskId);
  }
}

@Injectable()
export class Checkpointer implements OnApplicationShutdown {
  private readonly pool = new pg.Pool({
    connectionString: config.DATABASE_URL,
    max: Math.min(config.RUNS_AT_ONCE, 5),
    connectionTimeoutMillis: 5_000,
    statement_timeout: 10_000,
    idle_in_transaction_session_timeout: 15_000,
    pipeline: true,
  });

  constructor() {
    endSilentConnections(this.pool);
  }

  /** The saver of one run while it is held: nothing is read or written by it unless the fence is still the run's. */
  for(lease: Lease): RunSaver {
    const { runId, userId, fence } = lease;
    return this.saver(userId, { text: HELD, values: [runId, userId, fence, 'running'], broken: () => lost(lease) });
  }

  /** Removes what was kept of runs that are over. Without a fence: nobody holds them. */
  async forget(userId: string, runIds: readonly string[]): Promise<void> {
    for (const runId of runIds) {
      const guard = { text: OVER, values: [runId, userId], broken: () => new LeaseLost(`run ${runId} is not over`) };
      await this.saver(userId, guard).deleteThread(runId);
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.end();
  }

  private saver(userId: string, guard: Guard): RunSaver {
    const fenced = new FencedPool(this.pool, userId, guard);
    return new RunSaver(fenced as unknown as pg.Pool, undefined, { schema: CHECKPOINT_SCHEMA });
  }
}
