import type { MessagingHealth } from '@gatehouse/contracts';
import { Health, Rounds } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { type BeforeApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Consumption } from './consumption.js';
import type { KafkaDriver } from './kafka/driver.js';
import type { Keeper } from './keeper.js';
import { orderlyEnd } from './orderly-end.js';
import { OutboxWriter } from './outbox-buffer.js';
import type { Relay } from './relay.js';
import type { Unparker } from './unparker.js';

const HOUR_MS = 3_600_000;
const MEASURE_MS = 15_000;
const LAST_LOOK_MS = 500;

export interface Parts {
  readonly em: EntityManager;
  readonly health: Health;
  readonly driver: KafkaDriver;
  readonly relay: Relay;
  readonly keeper: Keeper;
  /** Absent in an app that only tells. */
  readonly consuming: { readonly consumption: Consumption; readonly unparker: Unparker } | undefined;
}

/** Starts and stops all that runs for messaging, in order. Before `start` nothing touches the broker, so tests do without one. */
export class Messenger implements OnModuleInit, BeforeApplicationShutdown {
  private readonly upkeep: Rounds[] = [];
  private lag: Rounds | undefined;
  private started = false;
  private stopped: Promise<void> | undefined;

  constructor(private readonly parts: Parts) {}

  onModuleInit(): void {
    const { em, relay } = this.parts;
    em.getEventManager().registerSubscriber(new OutboxWriter(() => relay.wake()));
  }

  get consumes(): boolean {
    return this.parts.consuming !== undefined;
  }

  /** How far behind the group is, when it was last known; null while the broker does not answer. */
  get behind(): MessagingHealth['lag'] {
    const lags = this.parts.consuming?.consumption.lags;
    if (!lags) return null;
    const topics = [...lags.topics].map(([topic, { events, ageMs }]) => ({ topic, events, ageSeconds: ageMs / 1000 }));
    return { measuredAt: lags.at.toISOString(), topics };
  }

  async start(): Promise<void> {
    const { health, relay, keeper, consuming } = this.parts;
    this.started = true;
    this.upkeep.push(new Rounds('keeping partitions', () => keeper.keepPartitions()).every(HOUR_MS));
    this.upkeep.push(new Rounds('measuring', () => keeper.measure()).every(MEASURE_MS));
    relay.start();
    if (!consuming) return;
    health.addReadiness('kafka', () => consuming.consumption.ready());
    health.addLiveness('kafka', () => consuming.consumption.alive());
    this.upkeep.push(new Rounds('retrying parked keys', () => consuming.unparker.round()).every(1000));
    consuming.consumption.start();
    this.lag = new Rounds('measuring the lag', () => consuming.consumption.measureLag()).every(MEASURE_MS);
  }

  /** Here, since MikroORM closes its pool in the hook that follows. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.stop();
  }

  /** Once, however often it is called. */
  stop(): Promise<void> {
    this.stopped ??= this.started ? this.shutDown() : Promise.resolve();
    return this.stopped;
  }

  private async shutDown(): Promise<void> {
    const { health, relay, driver, consuming } = this.parts;
    health.unready('shutting down');
    const inOrder = async () => {
      // Only a look at the broker, which may be away: nothing is lost with it, and it ends when the driver is closed.
      await Promise.all([this.lag?.stop(LAST_LOOK_MS), ...this.upkeep.map((task) => task.stop())]);
      await consuming?.consumption.stop();
      await relay.stop();
    };
    await orderlyEnd(inOrder(), driver);
  }
}
