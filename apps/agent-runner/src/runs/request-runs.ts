import type { NeededApps } from '@gatehouse/contracts';
import { lockUsers, Transactional } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { argsHash } from '../tools/args-hash.js';

export interface RunWish {
  runId: string;
  userId: string;
  input: string;
  agent?: string | undefined;
  apps: NeededApps;
  tools?: string[] | undefined;
  conversationId?: string | undefined;
  origin: 'person' | 'service' | 'unknown';
}

/** What makes two requests the same one. */
export const requestHash = ({ input, agent, apps, tools, conversationId }: RunWish): string =>
  argsHash({ input, agent: agent ?? 'default', apps, tools: tools ?? null, conversationId: conversationId ?? null });

@Injectable()
export class RequestRuns {
  constructor(private readonly em: EntityManager) {}

  /** A row for each that is new; asked again, or for a user who is gone, it does nothing. Returns the new ones' ids. */
  @Transactional()
  async execute(wishes: readonly RunWish[]): Promise<string[]> {
    if (!wishes.length) return [];
    await lockUsers(
      this.em,
      wishes.map(({ userId }) => userId),
      'living',
    );
    const rows = wishes.map((wish) => ({
      id: wish.runId,
      user_id: wish.userId,
      input: wish.input,
      agent: wish.agent ?? 'default',
      apps: wish.apps,
      tools: wish.tools ?? null,
      conversation_id: wish.conversationId ?? null,
      origin: wish.origin,
      request_hash: requestHash(wish),
      // Only a signed-in person's words are trusted, and what an earlier run of the conversation said is not theirs alone.
      tainted: wish.origin !== 'person' || wish.conversationId !== undefined,
    }));
    const { rows: fresh } = await sql<{ id: string }>`
      with fresh as (
        insert into run (id, user_id, input, agent, apps, tools, conversation_id, origin, request_hash, tainted, last_event)
        select w.id, w.user_id, w.input, w.agent, w.apps, w.tools, w.conversation_id, w.origin, w.request_hash, w.tainted, 1
        from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as w(id uuid, user_id text, input text, agent text, apps jsonb, tools jsonb,
          conversation_id text, origin text, request_hash text, tainted boolean)
        where not exists (select from user_tombstone t where t.id = w.user_id)
        on conflict (id) do nothing returning id, user_id
      ), lanes as (
        insert into user_lane (user_id, ready, running)
        select user_id, count(*), 0 from fresh group by user_id order by user_id
        on conflict (user_id) do update set ready = user_lane.ready + excluded.ready
      ), told as (
        insert into run_event (run_id, seq, user_id, type, data, at) select id, 1, user_id, 'run.queued', '{}', now() from fresh
      )
      select id from fresh
    `.execute(this.em.getKysely());
    return fresh.map(({ id }) => id);
  }
}
