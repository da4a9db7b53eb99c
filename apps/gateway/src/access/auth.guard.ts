import { accessOf, type Principal } from '@gatehouse/runtime';
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Caller, Callers } from './callers.js';

export type GatewayRequest = FastifyRequest & { user?: Principal & Pick<Caller, 'expiresAt'> };

/** For the gateway's own routes; what it forwards is judged by the map (`forward/upstreams.ts`). */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(private readonly callers: Callers) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const policy = accessOf(context);
    if (!policy?.callers.length) return policy !== undefined; // health, pages: for anybody
    const http = context.switchToHttp();
    const request = http.getRequest<GatewayRequest>();
    // Signing in is done by our own pages, or by a program that says so: else another site could sign a person in as somebody else.
    if (policy.kind === 'anyone') this.callers.refuseCrossSite(request, true);
    const { kind, id, roles = [], expiresAt } = await this.callers.identify(request, http.getResponse<FastifyReply>(), policy.kind);
    request.user = { kind, id, roles, expiresAt, caller: 'gateway' };
    return true;
  }
}
