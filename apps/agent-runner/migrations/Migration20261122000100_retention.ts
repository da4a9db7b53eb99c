import { grantOwnRows } from '@gatehouse/persistence';
import { Migration } from '@mikro-orm/migrations';

/** Runs with all that belongs to them, lanes of users who rest, and deleted users go in time; and the age of the queue costs one look. */
export class Migration20261122000100_retention extends Migration {
  override up(): void {
    this.addSql('create index run_finished on run (finished_at) where finished_at is not null and not thread_kept');
    this.addSql(`create index run_queued_since on run (run_at) where state = 'queued'`);
    this.addSql('create index user_lane_idle on user_lane (last_served) where ready = 0 and running = 0');
    this.addSql('create index user_tombstone_forgotten on user_tombstone (forgotten_at) where forgotten_at is not null');
    this.addSql(grantOwnRows('agent_runner', 'user_tombstone', { app: '', system: 'delete' }));
  }
}
