import { grantOwnRows, ownRowsSql } from '@gatehouse/persistence';
import { Migration } from '@mikro-orm/migrations';

const APP = 'agent_runner';

/** What users set for tools; calls that were refused stand among the calls; a person may say what became of a call that nobody knows of. */
export class Migration20261123100100_policy extends Migration {
  override up(): void {
    this.addSql(`create table tool_setting (user_id varchar(200) not null, tool varchar(128) not null, setting text not null,
      changed_at timestamptz(3) not null default now(), primary key (user_id, tool),
      constraint tool_setting_setting_check check (setting in ('allow', 'ask', 'never')))`);
    for (const statement of ownRowsSql(APP, 'tool_setting')) this.addSql(statement);
    this.addSql(grantOwnRows(APP, 'tool_setting', { app: 'select, insert, update', system: 'select, delete' }));
    this.addSql(`alter table tool_call add column arguments jsonb, add column happened boolean,
      alter column app drop not null, alter column connection_id drop not null, alter column account_id drop not null,
      alter column epoch drop not null, alter column class drop not null,
      drop constraint tool_call_state_check, drop constraint tool_call_decision_check,
      add constraint tool_call_state_check check (state in ('started', 'done', 'failed', 'unknown', 'refused')),
      add constraint tool_call_decision_check check (decision in ('allowed', 'approved', 'unattended', 'refused', 'rejected'))`);
    this.addSql(`alter table approval add column class text not null default 'write', add column edited_from uuid,
      add constraint approval_class_check check (class in ('read', 'write', 'destructive'))`);
    this.addSql('alter table approval alter column class drop default');
  }
}
