import { Migration } from '@mikro-orm/migrations';

/**
 * What is muted, quiet hours, a language. A message keeps its facts and is put into words when it is read or sent. The inbox is read by id:
 * `created_at` is the same for all messages of a batch, so a page that ended among them lost the rest.
 */
export class Migration20261123600000_choices extends Migration {
  override up(): void {
    const nothing = `'{"inbox": [], "email": [], "webhook": []}'`;
    this.addSql(
      `alter table preference add column muted jsonb not null default ${nothing}, add column quiet_hours jsonb null, add column language varchar(255) null, add column version int not null default 0, add column tested_at timestamptz null`,
    );
    this.addSql('alter table preference alter column muted drop default');
    this.addSql(`alter table notification add column facts jsonb not null default '{}', add column listed boolean not null default true`);
    this.addSql('alter table notification alter column facts drop default');
    // The owner is bound by the policies, too, and none is for it.
    this.addSql('alter table notification no force row level security');
    this.addSql(
      `update notification set facts = case kind
        when 'run.blocked' then jsonb_build_object('blockers', jsonb_build_array(jsonb_build_object('app', app, 'state', 'not_connected')))
        else jsonb_build_object('summary', regexp_replace(text, ': please decide\\.$', '')) end
      where kind in ('run.blocked', 'run.approval')`,
    );
    this.addSql('alter table notification force row level security');
    this.addSql('alter table notification drop column title, drop column text');
    this.addSql('drop index notification_inbox');
    this.addSql('create index notification_inbox on notification (user_id, id)');
  }
}
