import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { BrowserStage } from './stage.js';

interface ConnectionSeed {
  app: string;
  state: string;
  providerStatus?: string;
  reason?: string;
  label?: string;
  alias?: string;
  isDefault?: boolean;
}

/** Asks the database of an app as an administrator, past its rules: for states that take days, or somebody's fault, to come about. */
export async function inDatabase(stage: BrowserStage, app: string, sql: string, values: unknown[] = []): Promise<pg.QueryResultRow[]> {
  const url = new URL(stage.stack.adminUrl);
  url.pathname = `/${app}`;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    return (await client.query(sql, values)).rows as pg.QueryResultRow[];
  } finally {
    await client.end();
  }
}

/** Connections of a user in the states that they are named by. */
export async function seedConnections(stage: BrowserStage, userId: string, seeds: readonly ConnectionSeed[]): Promise<void> {
  for (const { app, state, providerStatus = null, reason = null, label = null, alias = '', isDefault = false } of seeds) {
    const once = ['active', 'broken', 'unknown', 'removing'].includes(state);
    await inDatabase(
      stage,
      'connections',
      `insert into connection (id, user_id, app, alias, state, provider_status, reason, account_id, account_label, is_default,
         connected_at, last_checked_at, last_used_at, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, now())`,
      [
        randomUUID(),
        userId,
        app,
        alias,
        state,
        providerStatus,
        reason,
        once ? `ca_${randomUUID()}` : null,
        label,
        isDefault,
        once ? new Date('2026-11-03T10:00:00Z') : null,
        once ? new Date('2026-11-18T10:00:00Z') : null,
      ],
    );
  }
}
