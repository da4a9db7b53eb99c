import pg from 'pg';
import { readTopics, type Stored } from './topics.js';

const TOPICS = ['user.created', 'entity.created', 'notification.changed', 'agent.run.blocked', 'connection.expired'];
const LETTERS = ['connections', 'agent-runner', 'auditor', 'notifier'].map((app) => `${app}.dead-letters`);

interface EntityRow {
  user: string;
  at: number;
  deleted: boolean;
}
export interface NotificationRow {
  id: string;
  run: string;
  at: number;
}

/** What tables and topics say at the end, read as an administrator and as a subscriber: nobody of ours is asked. */
export interface State {
  readonly entities: ReadonlyMap<string, EntityRow>;
  /** By user: the address. */
  readonly contacts: ReadonlyMap<string, string>;
  readonly notifications: ReadonlyMap<string, NotificationRow[]>;
  /** By run. */
  readonly runs: ReadonlyMap<string, number>;
  readonly topics: ReadonlyMap<string, Stored[]>;
  readonly letters: readonly Stored[];
  /** By run: what the journal says of each call of a tool. */
  readonly calls: ReadonlyMap<string, string[]>;
  /** By connection: messages that it expired. */
  readonly notices: ReadonlyMap<string, number>;
  /** Events that wait in an outbox or behind a parked key. */
  readonly waiting: number;
}

const ms = (column: string) => `(extract(epoch from ${column}) * 1000)::float8`;

export async function readState(adminUrl: string, brokers: string): Promise<State> {
  const [entities, contacts, notifications, runs, calls, notices, waiting] = await Promise.all([
    ask<EntityRow>(
      adminUrl,
      'connections',
      `select user_id as user, ${ms('created_at')} as at, deleted_at is not null as deleted from composio_entity`,
    ),
    ask<{ user: string; email: string }>(adminUrl, 'notifier', 'select user_id as user, email from contact'),
    ask<NotificationRow>(
      adminUrl,
      'notifier',
      `select id, substr(subject, 5) as run, ${ms('created_at')} as at from notification where kind = 'run.blocked'`,
    ),
    ask<{ id: string; at: number }>(adminUrl, 'agent_runner', `select id, ${ms('created_at')} as at from run`),
    ask<{ run: string; state: string }>(adminUrl, 'agent_runner', 'select run_id as run, state from tool_call'),
    ask<{ connection: string; count: number }>(
      adminUrl,
      'notifier',
      "select substr(subject, 12) as connection, count(*)::int as count from notification where kind = 'connection.expired' group by 1",
    ),
    Promise.all(['identity', 'connections', 'agent_runner', 'notifier'].map((database) => stillWaiting(adminUrl, database))),
  ]);
  const records = await readTopics(brokers, [...TOPICS, ...LETTERS]);
  return {
    entities: new Map(entities.map((row) => [row.user, row])),
    contacts: new Map(contacts.map(({ user, email }) => [user, email])),
    notifications: Map.groupBy(notifications, ({ run }) => run),
    runs: new Map(runs.map(({ id, at }) => [id, at])),
    calls: new Map([...Map.groupBy(calls, ({ run }) => run)].map(([run, rows]) => [run, rows.map(({ state }) => state)])),
    notices: new Map(notices.map(({ connection, count }) => [connection, count])),
    topics: new Map(TOPICS.map((topic) => [topic, records.filter((record) => record.topic === topic)])),
    letters: records.filter(({ topic }) => LETTERS.includes(topic)),
    waiting: waiting.reduce((sum, count) => sum + count, 0),
  };
}

async function stillWaiting(adminUrl: string, database: string): Promise<number> {
  const parked = database === 'identity' ? '0' : '(select count(*) from parked_event)';
  const [row] = await ask<{ count: number }>(adminUrl, database, `select ((select count(*) from outbox) + ${parked})::int as count`);
  return row?.count ?? 0;
}

async function ask<Row extends pg.QueryResultRow>(adminUrl: string, database: string, statement: string): Promise<Row[]> {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  const client = new pg.Client({ connectionString: url.href, connectionTimeoutMillis: 5_000 });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query<Row>(statement)).rows;
  } finally {
    await client.end();
  }
}
