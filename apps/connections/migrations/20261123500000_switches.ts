import { switchTables } from '@gatehouse/switches';
import { Migration } from '@mikro-orm/migrations';

/** What a switch touches here: connections that work, in one grouped look at a person, an app or all. */
const REACH = `select count(*) from connection where state = 'active' and (wanted_scope = 'everything'
  or (wanted_scope = 'app' and app = wanted_target) or (wanted_scope = 'user' and user_id = wanted_target))`;

export class Migration20261123500000_switches extends Migration {
  override up(): void {
    this.addSql('grant select (app, state) on connection to connections_system');
    for (const statement of switchTables('connections', REACH)) this.addSql(statement);
  }
}
