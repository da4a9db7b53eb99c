import type { SwitchView } from '@gatehouse/contracts';
import { asSystem } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { COLUMNS, type SwitchRow, shown } from './switch.js';

@Injectable()
export class LiftSwitch {
  constructor(private readonly em: EntityManager) {}

  /** The switch as it is now; undefined when there is none. One that was lifted keeps who did it first, and why. */
  execute(id: string, { by, reason }: { by: string; reason: string }): Promise<SwitchView | undefined> {
    return asSystem(this.em, () =>
      this.em.transactional(async () => {
        const db = this.em.getKysely();
        await sql`update switch set lifted_at = now(), lifted_by = ${by}, lift_reason = ${reason}
          where id = ${id} and lifted_at is null`.execute(db);
        const { rows } = await sql<SwitchRow>`select ${COLUMNS} from switch where id = ${id}`.execute(db);
        return rows[0] && shown(rows[0]);
      }),
    );
  }
}
