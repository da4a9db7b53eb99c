import { Migration } from '@mikro-orm/migrations';

/** So that operators see how connections fare: states and changes of all, and nothing else of them. */
export class Migration20261123500100_health extends Migration {
  override up(): void {
    this.addSql('grant select (was, state) on connection_change to connections_system');
  }
}
