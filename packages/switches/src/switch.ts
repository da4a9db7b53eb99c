import type { SwitchScope, SwitchView } from '@gatehouse/contracts';
import { sql } from 'kysely';

export type { SwitchScope };

export interface SwitchRow extends Omit<SwitchView, 'setAt' | 'liftedAt'> {
  setAt: string;
  liftedAt: string | null;
}

export const COLUMNS = sql`id, scope, nullif(target, '') as target, reason, set_by as "setBy", set_at as "setAt",
  lifted_at as "liftedAt", lifted_by as "liftedBy", lift_reason as "liftReason"`;

/** This connection gives timestamps as text. */
export const shown = (row: SwitchRow): SwitchView => ({
  ...row,
  setAt: new Date(row.setAt).toISOString(),
  liftedAt: row.liftedAt && new Date(row.liftedAt).toISOString(),
});
