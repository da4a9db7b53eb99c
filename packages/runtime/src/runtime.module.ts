import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { AccessGuard } from './access.js';
import { contractPipe } from './contract-pipe.js';
import { Cursors } from './cursors.js';
import type { BaseConfig } from './env.js';
import { ErrorFilter } from './error.filter.js';
import { HealthController } from './health.controller.js';
import { Health } from './health.js';
import { InternalTokens } from './internal-tokens.js';
import { CONFIG } from './tokens.js';

/** What every app has, once, in its AppModule: the contract pipe, the error filter, the access guard, health, internal tokens and cursors. */
@Module({})
export class RuntimeModule {
  static for(config: BaseConfig): DynamicModule {
    const providers: Provider[] = [
      { provide: CONFIG, useValue: config },
      { provide: APP_PIPE, useValue: contractPipe },
      { provide: APP_FILTER, useClass: ErrorFilter },
      Health,
    ];
    // The sandbox stands for strangers (Composio, a model): it knows none of our tokens.
    const ours: Provider[] = [
      { provide: InternalTokens, useFactory: () => new InternalTokens(config) },
      { provide: APP_GUARD, useClass: AccessGuard },
      Cursors,
    ];
    const ofOurs = config.app === 'sandbox' ? [] : ours;
    return {
      module: RuntimeModule,
      global: true,
      controllers: [HealthController],
      providers: [...providers, ...ofOurs],
      exports: [CONFIG, Health, ...(config.app === 'sandbox' ? [] : [InternalTokens, Cursors])],
    };
  }
}
