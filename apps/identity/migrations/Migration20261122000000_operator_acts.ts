import { operatorTables } from '@gatehouse/messaging';
import { Migration } from '@mikro-orm/migrations';

export class Migration20261122000000_operator_acts extends Migration {
  override up(): void {
    for (const statement of operatorTables('identity')) this.addSql(statement);
  }
}
