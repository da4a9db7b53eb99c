import type { NeededApps } from '@gatehouse/contracts';
import { Transactional } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { GateClient } from '../gate.client.js';
import { Run } from './run.entity.js';
import { WakeRuns } from './wake-runs.js';

export interface Waiting {
  runId: string;
  userId: string;
}

/** The net below `connection.activated`: a waiting run also goes on when its wake-up went by. */
@Injectable()
export class RecheckRuns {
  constructor(
    private readonly em: EntityManager,
    private readonly gate: GateClient,
    private readonly wakeRuns: WakeRuns,
  ) {}

  /** Waiting runs to ask the gate about now; the next time is as far away again as they have waited (5 s to 10 min). As the system. */
  @Transactional()
  async due(): Promise<Waiting[]> {
    const { rows } = await sql<Waiting>`
      with due as materialized (
        select id from run where state = 'parked' and waiting_for = 'connection' and run_at <= now()
        order by run_at limit 20 for update skip locked
      )
      update run set run_at = now() + least(interval '10 min', greatest(interval '5 s', now() - (waits_until - interval '24 hours')))
      where id in (select id from due)
      returning id as "runId", user_id as "userId"
    `.execute(this.em.getKysely());
    return rows;
  }

  /** Runs that wait for a switch need no gate to be asked. As the system. */
  lifted(): Promise<void> {
    return this.wakeRuns.lifted();
  }

  async execute({ runId, userId }: Waiting): Promise<void> {
    const run = await this.em.findOne(Run, { id: runId, userId, state: 'parked' });
    if (!run) return;
    const { verdict, blockers } = await this.gate.ask(userId, appsOf(run));
    // The run itself then ends as cancelled: its next claim sees the same answer.
    if (verdict !== 'blocked' || blockers.some(({ state }) => state === 'user_deleted')) await this.wakeRuns.execute([{ userId, runId }]);
  }
}

/** What it waits for, too: an app may be its agent's wish, not the request's. */
function appsOf({ apps, blockers }: Run): NeededApps {
  const required = [...new Set([...apps.required, ...blockers.map(({ app }) => app)])];
  return { ...apps, required, optional: apps.optional.filter((app) => !required.includes(app)) };
}
