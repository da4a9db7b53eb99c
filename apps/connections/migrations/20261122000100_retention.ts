import { grantOwnRows } from '@gatehouse/persistence';
import { Migration } from '@mikro-orm/migrations';

const APP = 'connections';

/** Attempts that came to nothing, removed connections and deleted users go in time. */
export class Migration20261122000100_retention extends Migration {
  override up(): void {
    this.addSql('alter table connection add column removed_at timestamptz null');
    this.addSql(`update connection set removed_at = now() where state = 'removed'`);
    this.addSql('create index connection_removed_index on connection (removed_at) where removed_at is not null');
    this.addSql(`create index account_not_finished_index on account (expires_at) where state = 'not_finished' and work_at is null`);
    this.addSql('create index redemption_created_index on redemption (created_at)');
    this.addSql('create index composio_entity_deleted_index on composio_entity (deleted_at) where deleted_at is not null');
    this.addSql(grantOwnRows(APP, 'account', { app: '', system: 'delete' }));
    // Of people's rows it sees no more than it needs for that.
    this.addSql(grantOwnRows(APP, 'connection', { app: '', system: 'select (id, user_id, removed_at), delete' }));
    this.addSql(grantOwnRows(APP, 'composio_entity', { app: '', system: 'select (user_id, deleted_at), delete' }));
  }
}
