import { grantOwnRows, ownRowsSql } from '@gatehouse/persistence';
import { Migration } from '@mikro-orm/migrations';

/** A second kind of cycle, shards by app, and the reports of what the second kind finds. */
export class Migration20261123000000_reconciliation extends Migration {
  override up(): void {
    for (const table of ['cycle', 'shard']) {
      this.addSql(`alter table ${table} add column kind text not null default 'sweep'`);
      this.addSql(`alter table ${table} add constraint ${table}_kind_check check (kind in ('sweep', 'reconciliation'))`);
      this.addSql(`alter table ${table} drop constraint ${table}_pkey`);
    }
    this.addSql('alter table cycle add primary key (kind, period_start)');
    this.addSql('alter table shard add primary key (kind, period_start, shard)');
    this.addSql('alter table shard add column apps text null');
    this.addSql(`create table drift_report (id uuid not null, period_start timestamptz not null, state text not null, asked_by varchar(255) not null,
      fix boolean not null, opened_at timestamptz not null default now(), closed_at timestamptz null, connections int not null default 0,
      accounts int not null default 0, calls int not null default 0, unproven int not null default 0, missing int not null default 0,
      extra int not null default 0, wrong_owner int not null default 0, wrong_status int not null default 0, duplicate int not null default 0,
      primary key (id))`);
    this.addSql(`alter table drift_report add constraint drift_report_state_check check (state in ('running', 'done'))`);
    this.addSql('alter table drift_report add constraint drift_report_period unique (period_start)');
    this.addSql('create index drift_report_opened on drift_report (opened_at)');
    this.addSql(`create table drift (report_id uuid not null, kind text not null, account_id varchar(255) not null, connection_id uuid null,
      user_id varchar(255) null, app varchar(255) not null, says varchar(500) not null, found_at timestamptz not null default now(),
      primary key (report_id, kind, account_id))`);
    this.addSql(
      `alter table drift add constraint drift_kind_check check (kind in ('missing', 'extra', 'wrong_owner', 'wrong_status', 'duplicate'))`,
    );
    this.addSql('create index drift_found on drift (found_at)');
    this.addSql('create index drift_user on drift (user_id)');
    for (const statement of ownRowsSql('auditor', 'drift')) this.addSql(statement);
    this.addSql(grantOwnRows('auditor', 'drift', { app: 'select, delete' }));
    this.addSql(grantOwnRows('auditor', 'drift_report', { app: '' }));
    // Serves the keyset over the watch list, and what the index on the user alone served.
    this.addSql('create index watched_connection_keyset on watched_connection (user_id, id)');
    this.addSql('drop index watched_connection_user');
    // A reconciliation touches every row once a day: with room on the page that touches no index.
    this.addSql('alter table watched_connection set (fillfactor = 90)');
  }
}
