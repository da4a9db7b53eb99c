import { inOnePacket, nameOf } from '@gatehouse/persistence';
import pg from 'pg';

/** A query that must give a row, or else nothing of the transaction happens; and the error to throw then. */
export interface Guard {
  readonly text: string;
  readonly values: readonly unknown[];
  broken(): Error;
}

interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

const DIVISION_BY_ZERO = '22012';
const NOTHING = Promise.resolve({ rows: [], rowCount: 0 });
/**
 * What is lost if Postgres itself crashes is the end of what was written, never something from its middle: the journal's `started` row is
 * waited for, and everything before it is then on the disk, the message that names the call among it.
 */
const UNHURRIED = "set_config('synchronous_commit', 'off', true)";

/**
 * As much of a pool as LangGraph's saver uses. The stock saver locks nothing, so two owners of a thread would interleave: here each of its
 * transactions begins with the guard. And it waits for each statement: here a transaction leaves as one packet when it is committed, for
 * the saver never looks at what a statement gave within one.
 */
export class FencedPool {
  private readonly session: string;
  private readonly guard: Statement;

  constructor(
    private readonly pool: pg.Pool,
    userId: string,
    private readonly held: Guard,
  ) {
    const settings = `set_config('app.user_ids', ${pg.escapeLiteral(userId)}, true), set_config('role', 'agent_runner_checkpoint', true)`;
    this.session = `begin; select ${settings}, ${UNHURRIED}`;
    this.guard = { text: `select 1 / count(*) from (${held.text}) held`, values: held.values };
  }

  async connect(): Promise<Pick<pg.PoolClient, 'query' | 'release'>> {
    let written: Statement[] = [];
    const query = async (text: string, values: unknown[] = []) => {
      if (text === 'BEGIN' || text === 'ROLLBACK') written = [];
      else if (text === 'COMMIT') await this.send(written);
      else written.push({ text, values });
      return NOTHING;
    };
    return { query, release: () => undefined } as unknown as pg.PoolClient;
  }

  async query(text: string, values: unknown[] = []): Promise<pg.QueryResult | undefined> {
    return (await this.send([{ text, values }])).at(-1);
  }

  /** Begin, session, guard, these, commit: one round trip. What comes after a statement that fails is refused by Postgres. */
  private async send(statements: readonly Statement[]): Promise<pg.QueryResult[]> {
    const client = await this.pool.connect();
    try {
      const sent = inOnePacket(client, () => {
        const begun = client.query(this.session);
        const asked = [this.guard, ...statements].map(({ text, values }) =>
          client.query({ name: nameOf(text), text, values: [...values] }),
        );
        return [begun, ...asked, client.query('commit')];
      });
      const results = await Promise.allSettled(sent as Promise<pg.QueryResult>[]);
      const failed = results.find(({ status }) => status === 'rejected') as PromiseRejectedResult | undefined;
      if (failed) throw (failed.reason as { code?: string }).code === DIVISION_BY_ZERO ? this.held.broken() : failed.reason;
      return results.slice(2, -1).map((result) => (result as PromiseFulfilledResult<pg.QueryResult>).value);
    } finally {
      client.release();
    }
  }
}
