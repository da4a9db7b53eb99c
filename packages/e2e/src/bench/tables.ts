/** What stock and the ceilings write: the shape and the keys of the connections service's tables, without its policies and checks. */
export const TABLES = `
create table composio_entity (user_id varchar(255) primary key, created_at timestamptz not null, deleted_at timestamptz null);
create table outbox (shard smallint not null, seq bigint generated always as identity, topic text not null, key text, event_id uuid not null,
  trace text, extra jsonb, body text, created_at timestamptz not null default now(), primary key (shard, seq))
  with (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000);
create table inbox (consumer smallint not null, event_id uuid not null, event_day date not null, outcome smallint not null default 0,
  primary key (consumer, event_day, event_id)) partition by range (event_day);
do $$ begin
  for i in -1..1 loop
    execute format('create table inbox_%s partition of inbox for values from (%L) to (%L)', i + 1,
      date_trunc('week', now())::date + 7 * i, date_trunc('week', now())::date + 7 * i + 7);
  end loop;
end $$;`;

/** Empties what a round has written. Sequences start anew: the outbox's tells how far a side is. */
export const EMPTY = 'truncate composio_entity, outbox, inbox restart identity';
