import { messagingTables } from '@gatehouse/messaging';
import { grantOwnRows, ownRowsSql } from '@gatehouse/persistence';
import { Migration } from '@mikro-orm/migrations';

const APP = 'connections';

export class Migration20261121000000_init extends Migration {
  override up(): void {
    for (const statement of messagingTables(APP)) this.addSql(statement);
    this.users();
    this.connections();
    for (const table of ['composio_entity', 'connection', 'account', 'redemption']) {
      for (const statement of ownRowsSql(APP, table)) this.addSql(statement);
    }
    this.addSql(grantOwnRows(APP, 'composio_entity', { app: 'select, insert, update', system: '' }));
    this.addSql(grantOwnRows(APP, 'connection', { system: '' }));
    this.addSql(grantOwnRows(APP, 'account', { system: 'select, update' })); // workers take work, then act as its user
    this.addSql(grantOwnRows(APP, 'redemption', { system: 'select, delete' }));
  }

  private users(): void {
    this.addSql(`create table composio_entity (user_id varchar(255) not null, created_at timestamptz not null, deleted_at timestamptz null,
      primary key (user_id))`);
    this.addSql(`create table redemption (session_hash varchar(255) not null, user_id varchar(255) not null, outcome text not null default 'open',
      account_id varchar(255) null, created_at timestamptz not null, primary key (session_hash))`);
    this.addSql(`alter table redemption add constraint redemption_outcome_check
      check (outcome in ('open', 'accepted', 'unknown', 'mismatch', 'gone'))`);
    this.addSql(`create index redemption_user_index on redemption (user_id, created_at)`);
  }

  private connections(): void {
    this.addSql(`create table connection (id uuid not null, user_id varchar(255) not null, app varchar(255) not null,
      alias varchar(255) not null default '', state text not null default 'pending', provider_status varchar(255) null, reason text null,
      account_id varchar(255) null, account_label varchar(255) null, epoch int not null default 0, connected_at timestamptz null,
      last_checked_at timestamptz null, last_used_at timestamptz null, removed_by varchar(255) null, removal_outcome varchar(255) null,
      created_at timestamptz not null, primary key (id))`);
    this.addSql(`alter table connection add constraint connection_state_check
      check (state in ('pending', 'active', 'broken', 'unknown', 'not_finished', 'removing', 'removed'))`);
    this.addSql(`create unique index connection_slot_unique on connection (user_id, app, alias) where state <> 'removed'`);
    this.addSql(`create index connection_list_index on connection (user_id, created_at, id)`);
    this.addSql(`create table account (id uuid not null, connection_id uuid not null, user_id varchar(255) not null, app varchar(255) not null,
      account_id varchar(255) null, state text not null default 'starting', reason text null, sealed_link text null,
      browser_hash varchar(255) null, expires_at timestamptz not null, revoke boolean not null default false, work_at timestamptz null,
      tries int not null default 0, created_at timestamptz not null, primary key (id))`);
    this.addSql(`alter table account add constraint account_state_check
      check (state in ('starting', 'pending', 'active', 'not_finished', 'removing', 'removed'))`);
    this.addSql(`create unique index account_open_attempt_unique on account (connection_id) where state in ('starting', 'pending')`);
    this.addSql(`create index account_connection_index on account (connection_id)`);
    this.addSql(`create index account_user_index on account (user_id, created_at)`);
    this.addSql(`create index account_work_index on account (work_at) where work_at is not null`);
  }
}
