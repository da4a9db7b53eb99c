import type { DynamicModule } from '@nestjs/common';
import { Intake } from './intake.js';
import type { MessagingConfig } from './messaging-env.js';
import { Outbox } from './outbox.js';

export class MessagingModule {
  static for(_config: MessagingConfig, _options: { consume?: boolean } = {}): DynamicModule {
    return { module: MessagingModule, global: true, providers: [Outbox, Intake], exports: [Outbox, Intake] };
  }
}
