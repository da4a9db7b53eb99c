import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { MessageDelta } from '@gatehouse/contracts';
import { asUsers } from '@gatehouse/persistence';
import { Access, type Principal, SignedIn } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Controller, Get, Headers, NotFoundException, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { LiveRuns } from '../live/live-runs.js';
import type { Watch } from '../live/watch.js';
import { LIVE, Run } from './run.entity.js';
import { RunEvent } from './run-event.entity.js';

/** The net under the notes: rows are looked for this often, whatever was or was not heard. */
const POLL_MS = 1_000;
const BEAT_MS = 15_000;
const ROWS_A_POLL = 200;

@Access('user')
@Controller('v1/runs')
export class RunEventsController {
  constructor(
    private readonly em: EntityManager,
    private readonly live: LiveRuns,
  ) {}

  /**
   * The run's timeline from its beginning, or from after `Last-Event-ID`, until the run is over; one that waits is not. In between pieces of
   * what the model says (`message.delta`), without an id. 204: it is over and nothing was missed.
   */
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
    const { raw } = reply;
    raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    raw.write('retry: 2000\n\n');
    const watch = this.live.watch(user.id, id, (delta) => writeDelta(raw, delta));
    raw.once('close', () => watch.wake());
    await this.stream(raw, watch, seen)
      .catch(() => raw.destroy()) // the client comes back with its last id
      .finally(() => this.live.close(watch));
  }

  private async stream(raw: ServerResponse, watch: Watch, from: number): Promise<void> {
    let seen = from;
    let beatAt = Date.now() + BEAT_MS;
    while (!raw.destroyed && !watch.over) {
      const next = await this.next(watch.userId, watch.runId, seen);
      for (const row of next?.rows ?? []) {
        seen = row.seq;
        await write(raw, `event: ${row.type}\nid: ${row.seq}\ndata: ${JSON.stringify({ ...row.data, at: row.at })}\n\n`);
      }
      if (!next || (next.over && !next.rows.length)) break;
      if (next.rows.length) continue;
      if (Date.now() >= beatAt) {
        await write(raw, ': still here\n\n');
        beatAt = Date.now() + BEAT_MS;
      }
      await watch.next(POLL_MS);
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

/** Waits for a client that reads slowly. */
async function write(raw: ServerResponse, text: string): Promise<void> {
  if (raw.write(text) || raw.destroyed) return;
  const waited = new AbortController();
  await Promise.race([once(raw, 'drain', waited), once(raw, 'close', waited)]);
  waited.abort(); // neither listener stays
}

/** A client that does not keep up gets the whole text with the finished message. */
function writeDelta(raw: ServerResponse, delta: MessageDelta): void {
  if (raw.destroyed || raw.writableEnded || raw.writableNeedDrain) return;
  raw.write(`event: message.delta\ndata: ${JSON.stringify(delta)}\n\n`);
}
