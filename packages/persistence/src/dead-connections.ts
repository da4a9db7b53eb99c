import type { Pool, PoolClient } from 'pg';

const GRACE_MS = 1000;

/**
 * Gives back connections that died while a transaction held them. Kysely (0.29.6) releases a connection only after a `begin`, `commit` or
 * `rollback` that worked, so each transaction that loses its server would keep its place in the pool for ever; after one restart of
 * Postgres under load there would be none left, and closing the pool would wait for all of them.
 */
export function releaseDeadConnections(pool: Pool): void {
  const held = new Set<PoolClient>();
  pool.on('acquire', (client) => held.add(client));
  pool.on('release', (_error, client) => held.delete(client));
  pool.on('connect', (client) => {
    client.once('end', () => setTimeout(() => held.has(client) && discard(client), GRACE_MS).unref());
  });
}

function discard(client: PoolClient): void {
  const release = client.release.bind(client);
  client.release = () => undefined; // pg-pool throws at a second release; a late owner has done nothing wrong
  release(true);
}
