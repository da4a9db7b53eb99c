import { grantOwnRows } from '@gatehouse/persistence';
import { Migration } from '@mikro-orm/migrations';

/** What a removed connection, a deleted user and a webhook leave behind goes in time. */
export class Migration20261122000100_retention extends Migration {
  override up(): void {
    this.addSql('alter table watched_connection add column removed_at timestamptz null');
    this.addSql(`update watched_connection set removed_at = now() where state = 'removed'`);
    this.addSql('create index watched_connection_removed on watched_connection (removed_at) where removed_at is not null');
    this.addSql('create index user_tombstone_at on user_tombstone (at)');
    this.addSql(grantOwnRows('auditor', 'webhook_delivery', { app: '', system: 'delete' }));
    this.addSql(grantOwnRows('auditor', 'watched_connection', { app: '', system: 'delete' }));
    this.addSql(grantOwnRows('auditor', 'user_tombstone', { app: '', system: 'select (id, at), delete' }));
  }
}
