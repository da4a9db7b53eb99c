import { CONFIG, Problem } from '@gatehouse/runtime';
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { isLoopback } from './composio/loopback.js';
import type { SandboxConfig } from './config.js';

/** Control has no key, so it is for this machine only, and not for pages of other sites that a browser here has open. */
@Injectable()
export class ControlGuard implements CanActivate {
  constructor(@Inject(CONFIG) private readonly config: SandboxConfig) {}

  canActivate(context: ExecutionContext): boolean {
    const { ip, headers } = context.switchToHttp().getRequest<FastifyRequest>();
    if (!this.config.SANDBOX_OPEN && !isLoopback(ip)) throw new Problem(403, 'forbidden', 'Control is open to this machine only.');
    const { origin, host } = headers;
    if (origin && origin !== `http://${host}` && origin !== this.config.SANDBOX_PUBLIC_URL) {
      throw new Problem(403, 'forbidden', 'Another site may not do this.');
    }
    return true;
  }
}
