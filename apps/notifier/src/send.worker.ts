import { asSystem } from '@gatehouse/persistence';
import { log } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { SendDeliveries } from './deliveries/send-deliveries.js';

const logger = log('send');

@Injectable()
export class SendWorker {
  private busy = false;

  constructor(
    private readonly em: EntityManager,
    private readonly sendDeliveries: SendDeliveries,
  ) {}

  @Interval('send', 500)
  async tick(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      while (await asSystem(this.em, () => this.sendDeliveries.execute()));
    } catch (error) {
      logger.error({ err: error }, 'this tick failed: the next one goes on');
    } finally {
      this.busy = false;
    }
  }
}
