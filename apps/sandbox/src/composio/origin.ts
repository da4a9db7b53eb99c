import { CONFIG } from '@gatehouse/runtime';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { SandboxConfig } from '../config.js';

/** The address under which a browser reaches this sandbox: the one that the asker used, unless SANDBOX_PUBLIC_URL names another. */
@Injectable()
export class Origin {
  constructor(@Inject(CONFIG) private readonly config: SandboxConfig) {}

  of(request: FastifyRequest): string {
    return this.config.SANDBOX_PUBLIC_URL ?? `http://${request.headers.host ?? 'localhost'}`;
  }
}
