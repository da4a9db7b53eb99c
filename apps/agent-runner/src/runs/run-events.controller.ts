import { setTimeout as wait } from 'node:timers/promises';
import { asUsers } from '@gatehouse/persistence';
import { Access, type Principal, SignedIn } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Controller, Get, Headers, NotFoundException, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { LIVE, Run } from './run.entity.js';
import { RunEvent } from './run-event.entity.js';

const POLL_MS = 1_000;
const BEAT_EVERY_POLLS = 15;
const ROWS_A_POLL = 200;

@Access('user')
@Controller('v1/runs')
export class RunEventsController {
  constructor(private readonly em: EntityManager) {}

  /** The run's timeline from its beginning, or from after `Last-Event-ID`, until the run is over. 204: it is over and nothing was missed. */
  @Get(':id/events')
  async events(
    @SignedIn() user: Principal,
    @Param('id', { schema: z.uuid() }) id: string,
    @Headers('last-event-id') lastId: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const seen = Number.parseInt(lastId ?? '0', 10) || 0;
    const first = await this.next(user.id, id, seen);
    if (!first) throw new NotFoundException(); // another user's run, too
    if (first.over && !first.rows.length) {
      await reply.code(204).send();
      return;
    }
    reply.hijack();
    reply.raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    reply.raw.write('retry: 2000\n\n');
    await this.stream(reply, { userId: user.id, id, seen }).catch(() => reply.raw.destroy()); // the client comes back with its last id
  }

  private async stream({ raw }: FastifyReply, { userId, id, seen }: { userId: string; id: string; seen: number }): Promise<void> {
    for (let polls = 1; !raw.destroyed; polls++) {
      const next = await this.next(userId, id, seen);
      for (const row of next?.rows ?? []) {
        seen = row.seq;
        raw.write(`event: ${row.type}\nid: ${row.seq}\ndata: ${JSON.stringify(row.data)}\n\n`);
      }
      if (!next || (next.over && !next.rows.length)) break;
      if (next.rows.length) continue;
      if (polls % BEAT_EVERY_POLLS === 0) raw.write(': still here\n\n');
      await wait(POLL_MS);
    }
    raw.end();
  }

  /** A session for each look, so that no connection is held in between. The state is read first: an end seen is an end whose rows are there. */
  private next(userId: string, runId: string, seen: number): Promise<{ rows: RunEvent[]; over: boolean } | undefined> {
    return asUsers(this.em, [userId], async () => {
      const run = await this.em.findOne(Run, { id: runId, userId }, { fields: ['state'] });
      if (!run) return undefined;
      const where = { runId, userId, seq: { $gt: seen } };
      const rows = await this.em.find(RunEvent, where, { orderBy: { seq: 'asc' }, limit: ROWS_A_POLL });
      return { rows, over: !LIVE.includes(run.state) };
    });
  }
}
