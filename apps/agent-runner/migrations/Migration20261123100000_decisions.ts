import { grantOwnRows, ownRowsSql } from '@gatehouse/persistence';
import { Migration } from '@mikro-orm/migrations';

const APP = 'agent_runner';
/** Nobody changes a decision; the system takes those of deleted users down, and those that are old. */
const RIGHTS = {
  decision: { app: 'select, insert', system: 'select, insert, delete' },
  decision_head: { app: 'select, insert, update', system: 'select, insert, update, delete' },
};

/** The log of decisions: a chain of hashes for each user, which a trigger keeps. */
export class Migration20261123100000_decisions extends Migration {
  override up(): void {
    this.addSql(`create table decision_head (user_id varchar(200) primary key, seq int not null default 0, hash varchar(64) not null default '',
      pruned_seq int not null default 0, pruned_hash varchar(64) not null default '') with (fillfactor = 60)`);
    this.addSql(`create table decision (user_id varchar(200) not null, seq int not null, at timestamptz(3) not null default clock_timestamp(),
      run_id uuid, kind varchar(40) not null, data text not null, prev varchar(64) not null, hash varchar(64) not null, primary key (user_id, seq))`);
    this.addSql('create index decision_of_run on decision (run_id) where run_id is not null');
    this.addSql('create index decision_at on decision (at)');
    for (const [table, rights] of Object.entries(RIGHTS)) {
      for (const statement of ownRowsSql(APP, table)) this.addSql(statement);
      this.addSql(grantOwnRows(APP, table, rights));
    }
    this.addSql(`create function decision_chain_fn() returns trigger as $$ begin
      loop
        select head.seq + 1, head.hash into new.seq, new.prev from decision_head head where head.user_id = new.user_id for update;
        exit when found;
        insert into decision_head (user_id) values (new.user_id) on conflict (user_id) do nothing;
      end loop;
      new.hash := encode(sha256(convert_to(concat_ws(e'\\n', new.prev, new.user_id, new.seq, (extract(epoch from new.at) * 1000)::bigint, coalesce(new.run_id::text, '-'), new.kind, new.data), 'UTF8')), 'hex');
      update decision_head set seq = new.seq, hash = new.hash where user_id = new.user_id;
      return new; end; $$ language plpgsql`);
    this.addSql('create trigger chain before insert on decision for each row execute function decision_chain_fn()');
  }
}
