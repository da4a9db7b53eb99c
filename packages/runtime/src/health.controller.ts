import { Controller, Get, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { register } from 'prom-client';
import { Access } from './access.js';
import { Health } from './health.js';

/** For the orchestrator and the metrics collector; on each app's own port, never forwarded by the gateway. */
@Controller()
@Access('anyone', { callers: [] })
export class HealthController {
  constructor(private readonly health: Health) {}

  @Get('livez')
  async livez(@Res({ passthrough: true }) reply: FastifyReply) {
    return answer(reply, await this.health.notAlive());
  }

  @Get('readyz')
  async readyz(@Res({ passthrough: true }) reply: FastifyReply) {
    return answer(reply, await this.health.notReady());
  }

  @Get('metrics')
  async metrics(@Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    void reply.type(register.contentType);
    return register.metrics();
  }
}

function answer(reply: FastifyReply, reasons: string[]): { status: string; reasons?: string[] } {
  if (!reasons.length) return { status: 'ok' };
  void reply.status(503);
  return { status: 'failing', reasons };
}
