import { messagingTables } from '@gatehouse/messaging';
import { grantOwnRows, ownRowsSql } from '@gatehouse/persistence';
import { Migration } from '@mikro-orm/migrations';

const APP = 'agent_runner';
/** Only the system takes down what is left of a deleted user; a journal row goes also when its call was never sent. */
const RIGHTS = {
  run: { app: 'select, insert, update', system: 'select, update, delete' },
  run_event: { app: 'select, insert', system: 'select, insert, delete' },
  user_lane: { app: 'select, insert, update' },
  tool_call: { system: 'select, delete' },
  approval: { app: 'select, insert, update', system: 'select, update, delete' },
};

export class Migration20261121000000_init extends Migration {
  override up(): void {
    for (const statement of messagingTables(APP)) this.addSql(statement);
    this.queue();
    this.journal();
    this.approvals();
    for (const [table, rights] of Object.entries(RIGHTS)) {
      for (const statement of ownRowsSql(APP, table)) this.addSql(statement);
      this.addSql(grantOwnRows(APP, table, rights));
    }
    this.addSql(
      'create table user_tombstone (id varchar(200) primary key, deleted_at timestamptz not null default now(), forgotten_at timestamptz)',
    );
    this.addSql('create index user_tombstone_open on user_tombstone (deleted_at) where forgotten_at is null');
    this.addSql(grantOwnRows(APP, 'user_tombstone', { app: 'select, insert', system: 'select, update' }));
  }

  private queue(): void {
    this.addSql(`create table run (
      id uuid primary key, user_id varchar(200) not null, state text not null default 'queued', run_at timestamptz not null default now(),
      owner varchar(100), lease_until timestamptz, claimed_at timestamptz, fence int not null default 0, attempt int not null default 0,
      delays int not null default 0, deadline_at timestamptz not null default now() + interval '24 hours', cancel_asked_by varchar(40),
      waiting_for text, waits_until timestamptz, blockers jsonb not null default '[]',
      agent varchar(64) not null, input text not null, apps jsonb not null, tools jsonb, conversation_id varchar(200),
      origin varchar(20) not null, request_hash varchar(64) not null, tainted boolean not null default false,
      last_event int not null default 0, output text, error jsonb, tool_calls int not null default 0, tokens int not null default 0,
      active_ms int not null default 0, created_at timestamptz(3) not null default now(), finished_at timestamptz,
      thread_kept boolean not null default true,
      constraint run_state_check check (state in ('queued', 'delayed', 'running', 'parked', 'completed', 'failed', 'cancelled')),
      constraint run_waiting_for_check check (waiting_for in ('connection', 'approval'))
    ) with (autovacuum_vacuum_scale_factor = 0.02)`);
    this.addSql(`create index run_queued on run (user_id, run_at) where state = 'queued'`);
    this.addSql(`create index run_leased on run (lease_until) where state = 'running'`);
    this.addSql(`create index run_due on run (state, run_at) where state in ('delayed', 'parked')`);
    this.addSql('create index run_thread on run (finished_at) where thread_kept and finished_at is not null');
    this.addSql('create index run_listed on run (user_id, created_at, id)');
    this.addSql(`create table user_lane (user_id varchar(200) primary key, ready int not null default 0, running int not null default 0,
      last_served timestamptz not null default '-infinity')`);
    this.addSql('create index user_lane_ready on user_lane (last_served) where ready > 0');
    this.addSql(`create table run_event (run_id uuid not null, seq int not null, user_id varchar(200) not null, type varchar(40) not null,
      data jsonb not null, at timestamptz not null, primary key (run_id, seq))`);
  }

  private journal(): void {
    this.addSql(`create table tool_call (
      run_id uuid not null, tool_call_id varchar(200) not null, user_id varchar(200) not null, tool varchar(128) not null,
      app varchar(64) not null, connection_id uuid not null, account_id varchar(200) not null, epoch int not null, class text not null,
      decision text not null, args_hash varchar(64) not null, state text not null, credentials_refused boolean not null default false,
      result text, fence int not null, started_at timestamptz(3) not null default now(), ended_at timestamptz,
      primary key (run_id, tool_call_id),
      constraint tool_call_class_check check (class in ('read', 'write', 'destructive')),
      constraint tool_call_decision_check check (decision in ('allowed', 'approved', 'unattended', 'refused')),
      constraint tool_call_state_check check (state in ('started', 'done', 'failed', 'unknown'))
    )`);
    this.addSql('create index tool_call_listed on tool_call (user_id, started_at, run_id, tool_call_id)');
  }

  private approvals(): void {
    this.addSql(`create table approval (
      id uuid primary key, run_id uuid not null, tool_call_id varchar(200) not null, user_id varchar(200) not null,
      tool varchar(128) not null, app varchar(64) not null, connection_id uuid not null, account_id varchar(200) not null,
      summary varchar(200) not null, why varchar(200) not null, arguments jsonb not null, args_hash varchar(64) not null,
      state text not null default 'waiting', reason varchar(500), expires_at timestamptz not null,
      created_at timestamptz not null default now(), decided_at timestamptz,
      constraint approval_state_check check (state in ('waiting', 'approved', 'edited', 'rejected', 'expired', 'used', 'cancelled'))
    )`);
    this.addSql('create index approval_of_call on approval (run_id, tool_call_id)');
    this.addSql(`create index approval_listed on approval (user_id, id) where state = 'waiting'`);
  }
}
