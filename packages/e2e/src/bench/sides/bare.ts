import { fastify } from 'fastify';
import pg from 'pg';
import { settings } from './settings.js';

/** The gate's question as a bare handler would answer it: Fastify, one query, no token, no session, no policy, no contract. */
const { databaseUrl, port } = settings<{ databaseUrl: string; port: number }>();
const pool = new pg.Pool({ connectionString: databaseUrl, max: 10 });
const text = `select e.deleted_at, c.id, c.app, c.alias, c.state, c.account_id, c.epoch, c.connected_at, c.created_at
  from composio_entity e left join connection c on c.user_id = e.user_id and c.app = any($2) and c.state <> 'removed' where e.user_id = $1`;

interface Row {
  deleted_at: Date | null;
  id: string | null;
  app: string;
  state: string;
  account_id: string;
  epoch: number;
}

const app = fastify();
app.post<{ Body: { userId: string; apps: { required: string[] } } }>('/v1/gate', async ({ body: { userId, apps } }) => {
  const { rows } = await pool.query<Row>({ name: 'gate', text, values: [userId, apps.required] });
  const active = rows.filter(({ id, state, deleted_at }) => id && state === 'active' && !deleted_at);
  const missing = apps.required.filter((one) => !active.some((row) => row.app === one));
  return {
    verdict: missing.length ? 'blocked' : 'ready',
    userId,
    accounts: active.map((row) => ({ app: row.app, connectionId: row.id, accountId: row.account_id, owner: userId, epoch: row.epoch })),
    blockers: missing.map((one) => ({ app: one, state: 'not_connected' })),
  };
});
await app.listen({ port, host: '127.0.0.1' });
process.once('SIGTERM', () => process.exit(0));
