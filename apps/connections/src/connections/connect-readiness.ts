import { COMPOSIO, type ComposioPort } from '@gatehouse/composio';
import { Health } from '@gatehouse/runtime';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { config } from '../config.js';

/** In production a connections service that cannot prove who came back is not ready: its links would be anybody's. */
@Injectable()
export class ConnectReadiness implements OnModuleInit {
  constructor(
    @Inject(COMPOSIO) private readonly composio: ComposioPort,
    private readonly health: Health,
  ) {}

  onModuleInit(): void {
    if (config.NODE_ENV !== 'production') return;
    this.health.addReadiness('connecting', () => {
      if (!config.CONNECT_VERIFIER) throw new Error('CONNECT_VERIFIER is not true: the Composio project has no verifier URL');
      if (!this.composio.supports.verifiedReturn) throw new Error(`the ${this.composio.driver} driver cannot verify who came back`);
    });
  }
}
