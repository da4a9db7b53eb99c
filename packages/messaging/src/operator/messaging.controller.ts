import type { MessagingHealth } from '@gatehouse/contracts';
import { Access, log } from '@gatehouse/runtime';
import { Controller, Get } from '@nestjs/common';
import { Keeper } from '../keeper.js';
import { Messenger } from '../messenger.js';

/** What waits in this app, for operators. */
@Controller('admin/messaging')
@Access('operator')
export class MessagingController {
  constructor(
    private readonly keeper: Keeper,
    private readonly messenger: Messenger,
  ) {}

  @Get()
  async show(): Promise<MessagingHealth> {
    return { lag: this.messenger.behind, consumes: this.messenger.consumes, rows: await this.rows() };
  }

  private rows(): Promise<MessagingHealth['rows']> {
    return this.keeper.count().catch((error: unknown) => {
      log('operator').warn({ err: error }, 'what waits could not be counted');
      return null;
    });
  }
}
