import { operatorDeeds } from '@gatehouse/messaging';
import { Migration } from '@mikro-orm/migrations';

export class Migration20261123500000_operator_deeds extends Migration {
  override up(): void {
    for (const statement of operatorDeeds()) this.addSql(statement);
  }
}
