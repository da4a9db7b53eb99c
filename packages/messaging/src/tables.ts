const tables = ['outbox', 'outbox_shard', 'outbox_relay', 'outbox_stuck', 'inbox', 'parked_key', 'parked_event', 'dead_letter'];
const ACTS = 'operator_act';

/** What `messagingTables` and `operatorTables` make, the inbox's weekly partitions included: for `skipTables`, so that schema comparison leaves them alone. */
export const messagingTableNames: (string | RegExp)[] = [...tables, ACTS, /^inbox_\d{8}$/];

const PARTITION_FUNCTIONS = `
create function inbox_make_partitions() returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare week date;
begin
  for week in select generate_series(date_trunc('week', now() at time zone 'utc' - interval '42 days'), date_trunc('week', now() at time zone 'utc' + interval '14 days'), interval '7 days')::date loop
    execute format('create table if not exists inbox_%s partition of inbox for values from (%L) to (%L)', to_char(week, 'YYYYMMDD'), week, week + 7);
  end loop;
end $$;
create function inbox_drop_partitions() returns void language plpgsql security definer set search_path = public, pg_temp as $$
declare part record;
begin
  for part in select c.relname from pg_class c join pg_inherits i on i.inhrelid = c.oid where i.inhparent = 'inbox'::regclass
      and to_date(right(c.relname, 8), 'YYYYMMDD') < date_trunc('week', now() at time zone 'utc' - interval '42 days') loop
    execute format('drop table %I', part.relname);
  end loop;
end $$;
revoke execute on function inbox_make_partitions(), inbox_drop_partitions() from public;`;

/**
 * The SQL of the outbox, the inbox, parked keys and dead letters, with its grants, for an app's first migration (run as `<app>_owner`).
 * `app` is written as in its roles, with `_` (`agent_runner`). The tables hold no rows of users to be shared out by policies: grants are
 * all that guards them.
 */
export function messagingTables(app: string): string[] {
  return [
    `create table outbox (shard smallint not null, seq bigint generated always as identity, topic text not null, key text, event_id uuid not null,
  trace text, extra jsonb, body text, created_at timestamptz not null default now(), primary key (shard, seq))
  with (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000)`,
    `create table outbox_shard (shard smallint primary key, owner uuid, lease_until timestamptz, fence bigint not null default 0)`,
    `insert into outbox_shard (shard) select generate_series(0, 15)`,
    `create table outbox_relay (owner uuid primary key, seen_until timestamptz not null)`,
    `create table outbox_stuck (shard smallint not null, seq bigint not null, topic text not null, key text, event_id uuid not null,
  trace text, extra jsonb, body text, created_at timestamptz not null, error text not null, at timestamptz not null default now(), primary key (shard, seq))`,
    `create index outbox_stuck_key on outbox_stuck (shard, key)`,
    `create table inbox (consumer smallint not null, event_id uuid not null, event_day date not null, outcome smallint not null default 0,
  primary key (consumer, event_day, event_id)) partition by range (event_day)`,
    `create table parked_key (consumer smallint not null, topic text not null, key text not null, not_before timestamptz not null, attempts int not null default 0,
  owner uuid, lease_until timestamptz, fence bigint not null default 0, last_error text, primary key (consumer, topic, key))`,
    `create table parked_event (consumer smallint not null, topic text not null, key text not null, ord bigint generated always as identity, event_id uuid not null,
  partition int not null, record_offset bigint not null, record_time bigint not null, headers jsonb not null, body bytea, primary key (consumer, event_id))`,
    `create index parked_event_order on parked_event (consumer, topic, key, ord)`,
    `create table dead_letter (consumer smallint not null, event_id uuid not null, topic text not null, partition int not null, record_offset bigint not null, key text,
  headers jsonb not null, body text, encoding text, reason text not null, class text not null, attempts int not null, fingerprint text not null,
  at timestamptz not null default now(), primary key (consumer, event_id))`,
    `create index dead_letter_at on dead_letter (at)`,
    PARTITION_FUNCTIONS,
    `select inbox_make_partitions()`,
    ...grants(app),
  ];
}

function grants(app: string): string[] {
  const user = `${app}_app`;
  const system = `${app}_system`;
  return [
    `grant insert on outbox, dead_letter to ${user}`,
    `grant select, insert on inbox to ${user}`,
    `grant select, update on parked_key to ${user}`,
    `grant insert, delete on parked_event to ${user}`,
    `grant select (consumer, topic, key, ord, event_id) on parked_event to ${user}`,
    `grant select, insert, update, delete on ${tables.join(', ')} to ${system}`,
    `grant execute on function inbox_make_partitions(), inbox_drop_partitions() to ${system}`,
  ];
}

/**
 * What operators need beside `messagingTables`, for the migration that follows it: more about a dead letter, the mark of a replayed event, and
 * a record of who did what, which can be added to and read only.
 */
export function operatorTables(app: string): string[] {
  return [
    `alter table dead_letter add column code text, add column record_time bigint, add column key_encoding text`,
    `alter table parked_event add column replay boolean not null default false`,
    `create table ${ACTS} (id bigint generated always as identity primary key, at timestamptz not null default now(), by_whom text not null, action text not null,
  event_id uuid not null, topic text not null, key text, cause text not null, note text, result text not null)`,
    `create index ${ACTS}_event on ${ACTS} (event_id)`,
    // A replayed event succeeds by turning its row of the inbox from dead to done.
    `grant update (outcome) on inbox to ${app}_app`,
    `grant select, insert on ${ACTS} to ${app}_system`,
  ];
}

/** For a migration of an app whose operators act on other things than events: the record then names the `subject`. */
export function operatorDeeds(): string[] {
  return [
    `alter table ${ACTS} alter event_id drop not null, alter topic drop not null, alter cause drop not null, add column subject text`,
    `alter table ${ACTS} add constraint operator_act_about_check check (event_id is not null or subject is not null)`,
  ];
}
