import { messagingTables } from '@gatehouse/messaging';
import { grantOwnRows } from '@gatehouse/persistence';
import { Migration } from '@mikro-orm/migrations';

export class Migration20261121000000_init extends Migration {
  override up(): void {
    for (const statement of messagingTables('notifier')) this.addSql(statement);
    this.addSql(
      `create table "contact" ("user_id" varchar(255) not null, "email" varchar(320) not null, "name" varchar(255) null, "locale" varchar(255) null, primary key ("user_id"))`,
    );
    this.addSql(
      `alter table "contact" add constraint "valid_user" check (user_id !~ '[^!-~]' and length(user_id) <= 200 and user_id <> '' and user_id !~~ '%,%' and lower(user_id) <> 'default')`,
    );
    this.addSql(
      `create table "delivery" ("notification_id" uuid not null, "channel" varchar(255) not null, "step" int not null, "user_id" varchar(255) not null, "state" varchar(255) not null, "due_at" timestamptz not null, "attempts" int not null default 0, "sent_at" timestamptz null, primary key ("notification_id", "channel", "step"))`,
    );
    this.addSql(`create index delivery_due on delivery (due_at) where state in ('pending', 'sending')`);
    this.addSql(`create index "delivery_user" on "delivery" ("user_id")`);
    this.addSql(
      `alter table "delivery" add constraint "valid_user" check (user_id !~ '[^!-~]' and length(user_id) <= 200 and user_id <> '' and user_id !~~ '%,%' and lower(user_id) <> 'default')`,
    );
    this.addSql(
      `create table "notification" ("id" uuid not null, "user_id" varchar(255) not null, "kind" varchar(255) not null, "subject" varchar(255) not null, "incident" varchar(255) not null, "epoch" int not null, "app" varchar(255) null, "account_id" varchar(255) null, "state" varchar(255) not null, "title" text not null, "text" text not null, "link" text not null, "fact_at" timestamptz not null, "created_at" timestamptz not null default now(), "resolved_at" timestamptz null, primary key ("id"))`,
    );
    this.addSql(`create index "notification_inbox" on "notification" ("user_id", "created_at", "id")`);
    this.addSql(`alter table "notification" add constraint "notification_once" unique ("subject", "kind", "incident")`);
    this.addSql(
      `alter table "notification" add constraint "valid_user" check (user_id !~ '[^!-~]' and length(user_id) <= 200 and user_id <> '' and user_id !~~ '%,%' and lower(user_id) <> 'default')`,
    );
    this.addSql(
      `create table "preference" ("user_id" varchar(255) not null, "email" boolean not null, "digest_minutes" int not null, "webhook_url" text null, "webhook_secret" text null, "webhook_failures" int not null default 0, primary key ("user_id"))`,
    );
    this.addSql(
      `alter table "preference" add constraint "valid_user" check (user_id !~ '[^!-~]' and length(user_id) <= 200 and user_id <> '' and user_id !~~ '%,%' and lower(user_id) <> 'default')`,
    );
    this.addSql(
      `create table "subject" ("id" varchar(255) not null, "user_id" varchar(255) not null, "epoch" int not null, "account_id" varchar(255) null, "past_accounts" text[] not null, "settled_at" timestamptz null, "closed" boolean not null, primary key ("id"))`,
    );
    this.addSql(`create index "subject_user" on "subject" ("user_id")`);
    this.addSql(
      `alter table "subject" add constraint "valid_user" check (user_id !~ '[^!-~]' and length(user_id) <= 200 and user_id <> '' and user_id !~~ '%,%' and lower(user_id) <> 'default')`,
    );
    this.addSql(`create table "user_tombstone" ("id" varchar(255) not null, "at" timestamptz not null default now(), primary key ("id"))`);
    this.addSql(`alter table "contact" enable row level security`);
    this.addSql(`alter table "contact" force row level security`);
    this.addSql(
      `create policy "own_rows" on "contact" to "notifier_app" using (user_id in (select unnest(string_to_array(nullif(current_setting('app.user_ids', true), ''), ',')) as id))`,
    );
    this.addSql(`create policy "system_rows" on "contact" to "notifier_system" using (true)`);
    this.addSql(`alter table "delivery" enable row level security`);
    this.addSql(`alter table "delivery" force row level security`);
    this.addSql(
      `create policy "own_rows" on "delivery" to "notifier_app" using (user_id in (select unnest(string_to_array(nullif(current_setting('app.user_ids', true), ''), ',')) as id))`,
    );
    this.addSql(`create policy "system_rows" on "delivery" to "notifier_system" using (true)`);
    this.addSql(`alter table "notification" enable row level security`);
    this.addSql(`alter table "notification" force row level security`);
    this.addSql(
      `create policy "own_rows" on "notification" to "notifier_app" using (user_id in (select unnest(string_to_array(nullif(current_setting('app.user_ids', true), ''), ',')) as id))`,
    );
    this.addSql(`create policy "system_rows" on "notification" to "notifier_system" using (true)`);
    this.addSql(`alter table "preference" enable row level security`);
    this.addSql(`alter table "preference" force row level security`);
    this.addSql(
      `create policy "own_rows" on "preference" to "notifier_app" using (user_id in (select unnest(string_to_array(nullif(current_setting('app.user_ids', true), ''), ',')) as id))`,
    );
    this.addSql(`create policy "system_rows" on "preference" to "notifier_system" using (true)`);
    this.addSql(`alter table "subject" enable row level security`);
    this.addSql(`alter table "subject" force row level security`);
    this.addSql(
      `create policy "own_rows" on "subject" to "notifier_app" using (user_id in (select unnest(string_to_array(nullif(current_setting('app.user_ids', true), ''), ',')) as id))`,
    );
    this.addSql(`create policy "system_rows" on "subject" to "notifier_system" using (true)`);
    // As the system it only sends: what is said to whom is decided as the user.
    this.addSql(grantOwnRows('notifier', 'contact', { system: 'select' }));
    this.addSql(grantOwnRows('notifier', 'preference', { system: 'select, update' }));
    this.addSql(grantOwnRows('notifier', 'notification', { system: 'select' }));
    this.addSql(grantOwnRows('notifier', 'subject', { system: '' }));
    this.addSql(grantOwnRows('notifier', 'delivery', { app: 'select, insert, delete', system: 'select, update' }));
    this.addSql(grantOwnRows('notifier', 'user_tombstone', { app: 'select, insert', system: '' }));
  }
}
