import { asSystem } from '@gatehouse/persistence';
import { Rounds } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { SendDeliveries } from './deliveries/send-deliveries.js';

/** What is owed by mail and webhook. A letter that is on its way when the process has to end is sent again by another, with the same id. */
@Injectable()
export class SendWorker implements BeforeApplicationShutdown {
  private readonly sending = new Rounds('sending', (stop) => this.work(stop));

  constructor(
    private readonly em: EntityManager,
    private readonly sendDeliveries: SendDeliveries,
  ) {}

  @Interval('send', 500)
  tick(): Promise<void> {
    return this.sending.next();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.sending.stop();
  }

  private async work(stop: AbortSignal): Promise<void> {
    while (!stop.aborted && (await asSystem(this.em, () => this.sendDeliveries.execute())));
  }
}
