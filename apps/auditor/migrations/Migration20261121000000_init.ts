import { messagingTables } from '@gatehouse/messaging';
import { grantOwnRows } from '@gatehouse/persistence';
import { Migration } from '@mikro-orm/migrations';

export class Migration20261121000000_init extends Migration {
  override up(): void {
    for (const statement of messagingTables('auditor')) this.addSql(statement);
    this.addSql(
      `create table "app_size" ("app" varchar(255) not null, "active" int not null, "counted_at" timestamptz not null, primary key ("app"))`,
    );
    this.addSql(
      `create table "candidate" ("connection_id" uuid not null, "account_id" varchar(255) not null, "app" varchar(255) not null, "status" varchar(255) not null, "reason" varchar(500) not null, "detected_by" text not null, "state" text not null, "period_start" timestamptz null, "found_at" timestamptz not null default now(), primary key ("connection_id"))`,
    );
    this.addSql(`create index "candidate_by_app" on "candidate" ("app", "state")`);
    this.addSql(
      `alter table "candidate" add constraint "candidate_detected_by_check" check ("detected_by" in ('sweep', 'webhook', 'run'))`,
    );
    this.addSql(`alter table "candidate" add constraint "candidate_state_check" check ("state" in ('found', 'breaking', 'held'))`);
    this.addSql(
      `create table "cycle" ("period_start" timestamptz not null, "state" text not null, "opened_at" timestamptz not null default now(), "closed_at" timestamptz null, primary key ("period_start"))`,
    );
    this.addSql(`alter table "cycle" add constraint "cycle_state_check" check ("state" in ('open', 'closed'))`);
    this.addSql(
      `create table "shard" ("period_start" timestamptz not null, "shard" varchar(255) not null, "cursor" text null, "done" boolean not null default false, "pages" int not null default 0, "owner" varchar(255) null, "lease_until" timestamptz null, "fence" int not null default 0, primary key ("period_start", "shard"))`,
    );
    this.addSql(`create table "user_tombstone" ("id" varchar(255) not null, "at" timestamptz not null default now(), primary key ("id"))`);
    this.addSql(
      `create table "watched_connection" ("id" uuid not null, "user_id" varchar(255) not null, "app" varchar(255) not null, "account_id" varchar(255) not null, "state" text not null, "epoch" int not null, "broken_at" timestamptz null, "check_due_at" timestamptz null, "check_asked_by" varchar(255) null, "checked_at" timestamptz null, primary key ("id"))`,
    );
    this.addSql(`create index "watched_connection_user" on "watched_connection" ("user_id")`);
    this.addSql(`create index "watched_connection_account" on "watched_connection" ("account_id")`);
    this.addSql(`create index "watched_connection_broken" on "watched_connection" ("app", "broken_at")`);
    this.addSql(`create index watched_connection_due on watched_connection (check_due_at) where check_due_at is not null`);
    this.addSql(
      `alter table "watched_connection" add constraint "valid_user" check (user_id !~ '[^!-~]' and length(user_id) <= 200 and user_id <> '' and user_id !~~ '%,%' and lower(user_id) <> 'default')`,
    );
    this.addSql(
      `alter table "watched_connection" add constraint "watched_connection_state_check" check ("state" in ('active', 'broken', 'removed'))`,
    );
    this.addSql(
      `create table "webhook_delivery" ("id" varchar(255) not null, "type" varchar(255) not null, "received_at" timestamptz not null default now(), primary key ("id"))`,
    );
    this.addSql(`create index "webhook_delivery_received" on "webhook_delivery" ("received_at")`);
    this.addSql(`alter table "watched_connection" enable row level security`);
    this.addSql(`alter table "watched_connection" force row level security`);
    this.addSql(
      `create policy "own_rows" on "watched_connection" to "auditor_app" using (user_id in (select unnest(string_to_array(nullif(current_setting('app.user_ids', true), ''), ',')) as id))`,
    );
    this.addSql(`create policy "system_rows" on "watched_connection" to "auditor_system" using (true)`);
    this.addSql(grantOwnRows('auditor', 'watched_connection', { system: 'select, update' }));
    this.addSql(grantOwnRows('auditor', 'user_tombstone', { app: 'select, insert', system: '' }));
    this.addSql(grantOwnRows('auditor', 'candidate', { app: 'select, delete' }));
    for (const table of ['cycle', 'shard']) this.addSql(grantOwnRows('auditor', table, { app: '' }));
    this.addSql(grantOwnRows('auditor', 'app_size', { app: '', system: 'select, insert, update' }));
    this.addSql(grantOwnRows('auditor', 'webhook_delivery', { app: '', system: 'select, insert' }));
  }
}
