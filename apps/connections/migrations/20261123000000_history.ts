import { grantOwnRows, ownRowsSql } from '@gatehouse/persistence';
import { Migration } from '@mikro-orm/migrations';

const APP = 'connections';

/** A row for each change of a connection's state, written by a trigger; and of several accounts of an app the default one. */
export class Migration20261123000000_history extends Migration {
  override up(): void {
    this.defaults();
    this.addSql(`alter table connection add column changed_by varchar(255) not null default 'user'`);
    this.addSql(`create table connection_change (id uuid not null default uuidv7(), connection_id uuid not null, user_id varchar(255) not null,
      was text null, state text not null, provider_status varchar(255) null, reason text null, account_id varchar(255) null,
      epoch int not null, detected_by varchar(255) not null, at timestamptz not null default clock_timestamp(), primary key (id))`);
    this.addSql('create index connection_change_list_index on connection_change (connection_id, id)');
    this.addSql('create index connection_change_user_index on connection_change (user_id)');
    this.addSql('create index connection_change_at_index on connection_change (at)');
    for (const statement of ownRowsSql(APP, 'connection_change')) this.addSql(statement);
    this.addSql(
      grantOwnRows(APP, 'connection_change', { app: 'select, insert, delete', system: 'select (id, connection_id, at), delete' }),
    );
    this.addSql(`create function connection_connection_history_fn() returns trigger as $$ begin
      if (old.state, old.account_id) is distinct from (new.state, new.account_id) then
        insert into connection_change (connection_id, user_id, was, state, provider_status, reason, account_id, epoch, detected_by)
        values (new.id, new.user_id, old.state, new.state, new.provider_status,
          case when new.state = 'removed' then new.removal_outcome else new.reason end, new.account_id, new.epoch, new.changed_by);
      end if;
      return null; end; $$ language plpgsql`);
    this.addSql(`create trigger connection_history after insert or update on connection for each row
      execute function connection_connection_history_fn()`);
  }

  /** Of those that are there the first that ever was connected: the one that runs used. The owner sees rows only without force. */
  private defaults(): void {
    this.addSql('alter table connection add column is_default boolean not null default false');
    this.addSql('alter table connection no force row level security');
    this.addSql(`update connection set is_default = true where id in (
      select distinct on (user_id, app) id from connection
      where connected_at is not null and state not in ('removing', 'removed') order by user_id, app, created_at, id)`);
    this.addSql('alter table connection force row level security');
    this.addSql('create unique index connection_default_unique on connection (user_id, app) where is_default');
  }
}
