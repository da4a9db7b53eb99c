import { Migration } from '@mikro-orm/migrations';

/** A run waits for its turn in a conversation; and an answer may be an object. */
export class Migration20261123300000_conversations extends Migration {
  override up(): void {
    this.addSql('alter table run add column structured jsonb');
    this.addSql('alter table run drop constraint run_waiting_for_check');
    this.addSql(`alter table run add constraint run_waiting_for_check check (waiting_for in ('connection', 'approval', 'turn'))`);
    this.addSql(`create index run_conversation on run (user_id, conversation_id, created_at)
      where conversation_id is not null and state in ('queued', 'delayed', 'running')`);
    this.addSql(`create index run_said on run (user_id, conversation_id, finished_at)
      where conversation_id is not null and state = 'completed'`);
  }
}
