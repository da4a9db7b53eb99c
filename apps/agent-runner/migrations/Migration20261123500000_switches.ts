import { switchTables } from '@gatehouse/switches';
import { Migration } from '@mikro-orm/migrations';

/** Live runs, by the partial indexes of their states. An app or a tool: runs that were asked for with it by name, or have used it. */
const REACH = `select count(*) from run r where (r.state = 'queued' or r.state = 'running' or r.state in ('delayed', 'parked')) and (
  wanted_scope = 'everything' or (wanted_scope = 'user' and r.user_id = wanted_target)
  or (wanted_scope = 'app' and (r.apps->'required' ? wanted_target or r.apps->'optional' ? wanted_target
    or exists (select from tool_call c where c.run_id = r.id and c.app = wanted_target)))
  or (wanted_scope = 'tool' and (r.tools ? wanted_target
    or exists (select from tool_call c where c.run_id = r.id and c.tool = wanted_target))))`;

/** Kill switches; and which of them a parked run waits for. */
export class Migration20261123500000_switches extends Migration {
  override up(): void {
    for (const statement of switchTables('agent_runner', REACH)) this.addSql(statement);
    this.addSql('alter table run add column paused_by uuid');
    this.addSql(`create index run_paused on run (paused_by) where paused_by is not null`);
  }
}
