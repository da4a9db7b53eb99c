import { inOneTrip } from '@gatehouse/persistence';
import { Histogram } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { config } from '../config.js';
import type { Run } from '../runs/run.entity.js';
import type { Lease } from './lease.js';

/** A run that was just claimed, as it then was: what is read here is not read again. */
export type Claim = Lease & Pick<Run, 'activeMs' | 'agent' | 'apps' | 'tools' | 'input' | 'conversationId' | 'tokens' | 'createdAt'>;

const took = new Histogram({
  name: 'agent_runner_claim_duration_seconds',
  help: 'Time to claim a run, or to see that none is due: it should not grow with the queue.',
  buckets: [0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.075, 0.1, 0.25, 1],
});

@Injectable()
export class ClaimRun {
  constructor(private readonly em: EntityManager) {}

  execute(owner: string): Promise<Claim | undefined> {
    const measured = took.startTimer();
    return this.claim(owner).finally(measured);
  }

  /**
   * The next run of the user who was served longest ago, if one is due and the user is below their share. As the system.
   * The scalar sub-selects matter: a join would sort that user's whole backlog.
   */
  private async claim(owner: string): Promise<Claim | undefined> {
    const claimed = sql<Claim>`
      with lane as (
        select user_id from user_lane where ready > 0 and running < ${config.RUNS_PER_USER}
        order by last_served limit 1 for update skip locked
      ), next as (
        select id from run where state = 'queued' and user_id = (select user_id from lane)
        order by run_at limit 1 for update skip locked
      ), took as (
        update run set state = 'running', owner = ${owner}, fence = fence + 1, attempt = attempt + 1, claimed_at = clock_timestamp(),
          lease_until = now() + make_interval(secs => ${config.RUN_LEASE_SECONDS})
        where id = (select id from next) returning *
      ), moved as (
        -- Also when nothing was found, in a lane that says otherwise: it must not stand first in line for ever.
        update user_lane set ready = ready - (select count(*) from took), running = running + (select count(*) from took),
          last_served = clock_timestamp()
        where user_id = (select user_id from lane)
      )
      select id as "runId", user_id as "userId", fence, active_ms as "activeMs", agent, apps, tools, input, conversation_id as "conversationId",
        tokens, created_at as "createdAt" from took`;
    const [claim] = await inOneTrip(this.em, claimed);
    return claim && { ...claim, createdAt: new Date(claim.createdAt) };
  }
}
