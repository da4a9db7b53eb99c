import { PassThrough } from 'node:stream';
import { Access } from '@gatehouse/runtime';
import { Controller, Get, Headers, Req, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { GatewayRequest } from '../access/auth.guard.js';
import { Streams } from '../access/limits.js';
import { signInFirst } from '../sessions/access-tokens.js';
import { type LiveEvent, LiveEvents } from './live-events.js';

const COMMENT_MS = 15_000;
const MAX_UNREAD_BYTES = 1_000_000;

/** Connections, runs and inbox of the signed-in user, live. The stream ends with its token; the client comes back. */
@Controller('v1/stream')
@Access('user')
export class StreamController {
  constructor(
    private readonly live: LiveEvents,
    private readonly streams: Streams,
  ) {}

  @Get()
  async open(@Req() request: GatewayRequest, @Res() reply: FastifyReply, @Headers('last-event-id') last?: string): Promise<void> {
    if (!request.user) throw signInFirst();
    const { id: userId, expiresAt } = request.user;
    const leave = this.streams.enter(userId);
    const stream = new PassThrough();
    const send = (text: string) => {
      if (stream.writableLength < MAX_UNREAD_BYTES) stream.write(text);
      else stream.destroy(); // nobody reads: the client comes back with its last id
    };
    const deaf = this.live.listen(userId, (event) => send(line(event)));
    const comments = setInterval(() => send(':\n\n'), COMMENT_MS);
    const end = setTimeout(() => stream.end(), Math.max(expiresAt - Date.now(), 0));
    stream.once('close', () => {
      clearInterval(comments);
      clearTimeout(end);
      deaf();
      leave();
    });
    send('retry: 2000\n\n');
    if (last) for (const text of this.missed(userId, last)) send(text);
    await reply.headers({ 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' }).send(stream);
  }

  private missed(userId: string, last: string): string[] {
    return this.live.since(userId, last)?.map(line) ?? ['event: resync\ndata: {}\n\n'];
  }
}

function line({ id, type, data }: LiveEvent): string {
  return `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
}
