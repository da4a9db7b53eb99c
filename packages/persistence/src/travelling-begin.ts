import type { Pool, PoolClient, QueryResult } from 'pg';

type Send = (query: unknown, values?: readonly unknown[]) => Promise<QueryResult>;

const BEGIN = /^(begin$|start transaction)/;
const READ_ONLY = /^start transaction\b.* read only$/;
const SETTINGS = /^select set_config\(/;
const NOTHING = Promise.resolve({ command: '', rowCount: 0, oid: 0, fields: [], rows: [] } satisfies QueryResult);

/**
 * Saves a transaction its empty round trips: `begin` and the settings of the session travel with its first statement, the commit of a
 * read-only one is not waited for, and one without a statement is never sent. An error in the settings (a role that does not exist)
 * is the error of that first statement, which Postgres then refuses. Needs pg's `pipeline`.
 */
export function letBeginTravel(pool: Pool): void {
  pool.on('connect', (client) => {
    client.query = transactions(client, client.query.bind(client) as unknown as Send) as never;
  });
}

/** What `work` sends leaves as one packet. */
export function inOnePacket<T>(client: PoolClient, work: () => T): T {
  const { stream } = (client as unknown as { connection: { stream: { cork(): void; uncork(): void } } }).connection;
  stream.cork();
  try {
    return work();
  } finally {
    stream.uncork();
  }
}

function transactions(client: PoolClient, send: Send): Send {
  let held: string[] = [];
  let readOnly = false;
  return (query, values) => {
    if (typeof query !== 'string') return sendAfterBegin(query, values);
    if (BEGIN.test(query)) {
      held = [query];
      readOnly = READ_ONLY.test(query);
      return NOTHING;
    }
    if (held.length > 0 && SETTINGS.test(query)) {
      held.push(query);
      return NOTHING;
    }
    if (held.length > 0 && (query === 'commit' || query === 'rollback')) {
      held = [];
      return NOTHING;
    }
    const sent = sendAfterBegin(query, values);
    if (query !== 'commit' || !readOnly) return sent;
    sent.catch(() => undefined); // there was nothing to commit; a connection that died shows at its next use
    return NOTHING;
  };

  function sendAfterBegin(query: unknown, values?: readonly unknown[]): Promise<QueryResult> {
    if (held.length === 0) return send(query, values);
    const begin = held.join(';');
    held = [];
    return inOnePacket(client, () => {
      const begun = send(begin);
      const result = send(query, values);
      if (typeof result?.catch !== 'function') {
        begun.catch(() => undefined); // a cursor, which tells of it itself
        return result;
      }
      result.catch(() => undefined); // told by `begun`, if that failed
      return begun.then(() => result);
    });
  }
}
