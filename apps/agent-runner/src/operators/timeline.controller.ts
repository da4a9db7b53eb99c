import { type Timeline, type TimelineQuery, timelineQuery, userId as validUser } from '@gatehouse/contracts';
import { asUsers } from '@gatehouse/persistence';
import { Access } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { sql } from 'kysely';

interface Entry {
  at: string;
  kind: string;
  runId: string | null;
  app: string | null;
  state: string;
  tool: string | null;
}

/** What a user's agents did, for operators: states, tools and decisions, by names and codes. */
@Controller('admin/users')
@Access('operator')
export class TimelineController {
  constructor(private readonly em: EntityManager) {}

  /** From the log of decisions and the runs: each holds no more than ids, names and codes. */
  @Get(':userId/timeline')
  timeline(
    @Param('userId', { schema: validUser }) userId: string,
    @Query({ schema: timelineQuery }) { limit, before }: TimelineQuery,
  ): Promise<Timeline> {
    const until = sql`${before ?? 'infinity'}::timestamptz`;
    const read = sql<Entry>`
      select * from (
        (select at, 'decision' as kind, run_id as "runId", data::json->>'app' as app, kind as state, data::json->>'tool' as tool
          from decision where user_id = ${userId} and at < ${until} order by seq desc limit ${limit + 1})
        union all
        (select created_at, 'run', id, null, 'asked', null from run where user_id = ${userId} and created_at < ${until}
          order by created_at desc limit ${limit + 1})
        union all
        (select finished_at, 'run', id, null, state, error->>'code' from run where user_id = ${userId} and finished_at < ${until}
          order by finished_at desc limit ${limit + 1})
      ) entries order by at desc limit ${limit + 1}`;
    return asUsers(this.em, [userId], async () => {
      const { rows } = await this.em.transactional(() => read.execute(this.em.getKysely()));
      const data = rows.slice(0, limit).map(({ at, kind, runId, app, state, tool }) => {
        return { at: new Date(at).toISOString(), kind, id: runId ?? '', app, state, detail: tool };
      });
      return { data, more: rows.length > limit };
    });
  }
}
