import { messagingTables } from '@gatehouse/messaging';
import { Migration } from '@mikro-orm/migrations';

/** Printed by better-auth's `compileMigrations()`; a test fails when the library wants more. */
const libraryTables = [
  `create table "user" ("id" text not null primary key, "name" text not null, "email" text not null unique, "emailVerified" boolean not null, "image" text, "createdAt" timestamptz default CURRENT_TIMESTAMP not null, "updatedAt" timestamptz default CURRENT_TIMESTAMP not null)`,
  `create table "session" ("id" text not null primary key, "expiresAt" timestamptz not null, "token" text not null unique, "createdAt" timestamptz default CURRENT_TIMESTAMP not null, "updatedAt" timestamptz not null, "ipAddress" text, "userAgent" text, "userId" text not null references "user" ("id") on delete cascade)`,
  `create table "account" ("id" text not null primary key, "accountId" text not null, "providerId" text not null, "userId" text not null references "user" ("id") on delete cascade, "accessToken" text, "refreshToken" text, "idToken" text, "accessTokenExpiresAt" timestamptz, "refreshTokenExpiresAt" timestamptz, "scope" text, "password" text, "createdAt" timestamptz default CURRENT_TIMESTAMP not null, "updatedAt" timestamptz not null)`,
  `create table "verification" ("id" text not null primary key, "identifier" text not null, "value" text not null, "expiresAt" timestamptz not null, "createdAt" timestamptz default CURRENT_TIMESTAMP not null, "updatedAt" timestamptz default CURRENT_TIMESTAMP not null)`,
  `create table "jwks" ("id" text not null primary key, "publicKey" text not null, "privateKey" text not null, "createdAt" timestamptz not null, "expiresAt" timestamptz, "alg" text, "crv" text)`,
  `create table "rateLimit" ("id" text not null primary key, "key" text not null unique, "count" integer not null, "lastRequest" bigint not null)`,
  `create index "session_userId_idx" on "session" ("userId")`,
  `create index "account_userId_idx" on "account" ("userId")`,
  `create index "verification_identifier_idx" on "verification" ("identifier")`,
];

/**
 * A user is told of when the address is proven, whatever path proved it: the library's verification, or a product's `POST /v1/users`.
 * `shard_of` is the relay's fnv1a; a test compares the two, another parses the rows with the contracts.
 */
const facts = [
  `alter table "user" add constraint user_id_usable check (id ~ '^[!-~]{1,200}$' and id not like '%,%' and lower(id) <> 'default')`,
  `alter table "user" add constraint user_fits_event check (length(email) <= 320 and length(name) <= 200)`,
  `create table "user_tombstone" ("id" text not null, primary key ("id"))`,
  `create table "sign_in_try" ("key" text not null, "n" int not null, "until" timestamptz not null, primary key ("key"))`,
  `create function shard_of(key text) returns smallint immutable strict language plpgsql as $$
declare h bigint := 2166136261; b bytea := convert_to(key, 'UTF8');
begin
  for i in 0 .. length(b) - 1 loop h := ((h # get_byte(b, i)) * 16777619) & 4294967295; end loop;
  return h % 16;
end $$`,
  `create function user_fact() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    insert into user_tombstone values (old.id) on conflict do nothing;
    insert into outbox (shard, topic, key, event_id, body)
      values (shard_of(old.id), 'user.deleted', old.id, uuidv7(), jsonb_build_object('userId', old.id)::text);
  elsif exists (select from user_tombstone where id = new.id) then
    raise unique_violation using message = 'user id was used before';
  else
    insert into outbox (shard, topic, key, event_id, body)
      values (shard_of(new.id), 'user.created', new.id, uuidv7(),
        jsonb_strip_nulls(jsonb_build_object('userId', new.id, 'email', new.email, 'name', nullif(new.name, '')))::text);
  end if;
  return null;
end $$`,
  `create trigger user_created after insert on "user" for each row when (new."emailVerified") execute function user_fact()`,
  `create trigger user_verified after update of "emailVerified" on "user" for each row when (new."emailVerified" and not old."emailVerified") execute function user_fact()`,
  `create trigger user_deleted after delete on "user" for each row when (old."emailVerified") execute function user_fact()`,
];

/** `identity_app` (requests of a signed-in user) has none of these tables: sign-in comes before any user is known. */
const grants = [
  `grant usage on schema public to identity_auth`,
  `grant select, insert, update, delete on "user", "session", "account", "verification", "jwks", "rateLimit", "sign_in_try" to identity_auth, identity_system`,
  `grant select, insert on "user_tombstone" to identity_auth, identity_system`,
  `grant insert on "outbox" to identity_auth`,
];

export class Migration20261121000000_init extends Migration {
  override up(): void {
    for (const statement of [...messagingTables('identity'), ...libraryTables, ...facts, ...grants]) this.addSql(statement);
  }
}
