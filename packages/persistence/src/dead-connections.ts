import type { Socket } from 'node:net';
import type { Pool, PoolClient } from 'pg';

const GRACE_MS = 1000;
/** Beyond the statement time-out, by which a server that is there has answered. */
const SILENCE_MS = 3000;

/**
 * Gives back connections that died, or fell silent, while a transaction held them. Kysely (0.29.6) releases a connection only after a `begin`, `commit` or
 * `rollback` that worked, so each transaction that loses its server would keep its place in the pool for ever; after one restart of
 * Postgres under load there would be none left, and closing the pool would wait for all of them.
 */
export function releaseDeadConnections(pool: Pool): void {
  endSilentConnections(pool);
  const held = new Set<PoolClient>();
  pool.on('acquire', (client) => held.add(client));
  pool.on('release', (_error, client) => held.delete(client));
  pool.on('connect', (client) => {
    client.once('end', () => setTimeout(() => held.has(client) && discard(client), GRACE_MS).unref());
  });
}

/**
 * Ends connections whose server does not answer a statement within the pool's `statement_timeout` and 3 s. Postgres' own time-outs end with
 * Postgres: over a network that swallows everything, a query would wait until the system gives the connection up, a quarter of an hour
 * later, and keep its place in the pool. Done for an app's database; a pool of its own asks for it.
 */
export function endSilentConnections(pool: Pool): void {
  const statementTimeout = Number(pool.options.statement_timeout);
  if (statementTimeout) pool.on('connect', (client) => endWhenSilent(client, statementTimeout));
}

function endWhenSilent(client: PoolClient, statementTimeout: number): void {
  const { connection } = client as unknown as { connection: { stream: Socket } };
  connection.stream.setTimeout(statementTimeout + SILENCE_MS, () => {
    if (!(client as unknown as { readyForQuery: boolean }).readyForQuery)
      connection.stream.destroy(new Error('the database does not answer'));
  });
}

function discard(client: PoolClient): void {
  const release = client.release.bind(client);
  client.release = () => undefined; // pg-pool throws at a second release; a late owner has done nothing wrong
  release(true);
}
