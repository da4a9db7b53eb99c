import type { SwitchAnswer, SwitchScope } from '@gatehouse/contracts';
import { asSystem } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { COLUMNS, type SwitchRow, shown } from './switch.js';

export interface NewSwitch {
  readonly scope: SwitchScope;
  /** The app, the user or the tool; nothing for everything. */
  readonly target?: string | undefined;
  readonly reason: string;
  readonly by: string;
}

@Injectable()
export class SetSwitch {
  constructor(private readonly em: EntityManager) {}

  /** Setting one that is set is the one that is there, with its first reason. With `dryRun` nothing is changed. */
  execute(wish: NewSwitch, { dryRun = false } = {}): Promise<SwitchAnswer> {
    return asSystem(this.em, () => this.em.transactional(() => this.set(wish, dryRun)));
  }

  private async set({ scope, target = '', reason, by }: NewSwitch, dryRun: boolean): Promise<SwitchAnswer> {
    const db = this.em.getKysely();
    const reach = sql<{ touches: number }>`select switch_reach(${scope}, ${target})::int as touches`;
    if (!dryRun) {
      await sql`insert into switch (scope, target, reason, set_by) values (${scope}, ${target}, ${reason}, ${by})
        on conflict (scope, target) where lifted_at is null do nothing`.execute(db);
    }
    const { rows } = await sql<SwitchRow>`select ${COLUMNS} from switch
      where scope = ${scope} and target = ${target} and lifted_at is null`.execute(db);
    const touches = (await reach.execute(db)).rows[0]?.touches ?? 0;
    return { switch: rows[0] ? shown(rows[0]) : null, touches, dryRun };
  }
}
