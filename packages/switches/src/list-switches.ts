import type { SwitchView } from '@gatehouse/contracts';
import { asSystem } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { COLUMNS, type SwitchRow, shown } from './switch.js';

const LIFTED = 100;

@Injectable()
export class ListSwitches {
  constructor(private readonly em: EntityManager) {}

  /** All that are open, then the last hundred that were lifted; the newest first. */
  execute(): Promise<SwitchView[]> {
    return asSystem(this.em, () =>
      this.em.transactional(async () => {
        const { rows } = await sql<SwitchRow>`
          (select ${COLUMNS} from switch where lifted_at is null order by set_at desc)
          union all
          (select ${COLUMNS} from switch where lifted_at is not null order by lifted_at desc limit ${LIFTED})`.execute(this.em.getKysely());
        return rows.map(shown);
      }),
    );
  }
}
