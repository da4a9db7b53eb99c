import { grantOwnRows } from '@gatehouse/persistence';
import { Migration } from '@mikro-orm/migrations';

/** Old messages, what settled them, and deleted users go in time. */
export class Migration20261122000100_retention extends Migration {
  override up(): void {
    this.addSql('create index notification_created on notification (created_at)');
    this.addSql('create index subject_closed on subject (settled_at) where closed');
    this.addSql('create index user_tombstone_at on user_tombstone (at)');
    for (const table of ['notification', 'delivery']) this.addSql(grantOwnRows('notifier', table, { app: '', system: 'delete' }));
    // Of what it does not send it sees no more than it needs for that.
    this.addSql(grantOwnRows('notifier', 'subject', { app: '', system: 'select (id, settled_at, closed), delete' }));
    this.addSql(grantOwnRows('notifier', 'user_tombstone', { app: '', system: 'select (id, at), delete' }));
  }
}
