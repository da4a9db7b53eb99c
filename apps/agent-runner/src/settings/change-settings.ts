import type { ToolSettings } from '@gatehouse/contracts';
import { lockUsers, Transactional } from '@gatehouse/persistence';
import { Problem } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { AGENTS, type Agents } from '../agent/agents.js';
import { choicesOf } from '../tools/policy.js';

@Injectable()
export class ChangeSettings {
  constructor(
    private readonly em: EntityManager,
    @Inject(AGENTS) private readonly agents: Agents,
  ) {}

  /** All of them or none. What runs already is bound by them from its next call on. */
  @Transactional()
  async execute(userId: string, settings: ToolSettings['settings']): Promise<void> {
    for (const one of settings) this.check(one);
    await lockUsers(this.em, [userId], 'living');
    const { rows } = await sql<{ gone: boolean }>`
      with changed as (
        insert into tool_setting as s (user_id, tool, setting)
        select ${userId}, n.tool, n.setting from jsonb_to_recordset(${JSON.stringify(settings)}::jsonb) as n(tool text, setting text)
        on conflict (user_id, tool) do update set setting = excluded.setting, changed_at = excluded.changed_at
        where s.setting <> excluded.setting
        returning s.user_id, s.tool, s.setting
      ), logged as (
        insert into decision (user_id, kind, data)
        select user_id, 'setting.changed', jsonb_build_object('tool', tool, 'setting', setting)::text from changed order by tool
      )
      select exists (select from user_tombstone where id = ${userId}) as gone
    `.execute(this.em.getKysely());
    if (rows[0]?.gone) throw new Problem(409, 'user_deleted', 'This user was deleted.');
  }

  private check({ tool, setting }: ToolSettings['settings'][number]): void {
    const row = this.agents.tools.get(tool);
    if (!row) throw new Problem(422, 'unknown_tool', `There is no tool called "${tool}".`);
    if (choicesOf(row.class).includes(setting)) return;
    throw new Problem(
      422,
      'not_stricter',
      `“${row.title}” changes something, so your agent always asks before it: choose to be asked, or never.`,
    );
  }
}
