import { giveUp, Health, MICROSERVICE } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { type DynamicModule, Module, type OnModuleInit } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { BatchTransaction } from './batch-transaction.js';
import { Consumption } from './consumption.js';
import { failPoint } from './fail-point.js';
import { FloodGuard } from './flood-guard.js';
import { checkHandlers } from './handler-rules.js';
import { Handlers } from './handlers.js';
import { Intake } from './intake.js';
import { kafkaDriver } from './kafka/kafkajs.js';
import { KafkaBatchStrategy } from './kafka-batch-strategy.js';
import { Keeper } from './keeper.js';
import { MESSAGING_CONFIG, type MessagingConfig } from './messaging-env.js';
import { Messenger } from './messenger.js';
import { DeadLettersController } from './operator/dead-letters.controller.js';
import { DropLetters } from './operator/drop-letters.js';
import { FindLetters } from './operator/find-letters.js';
import { MessagingController } from './operator/messaging.controller.js';
import { ReplayLetters } from './operator/replay-letters.js';
import { Outbox } from './outbox.js';
import { ParkedKeys } from './parked-keys.js';
import { Relay } from './relay.js';
import { Unparker } from './unparker.js';

interface Options {
  /** False in an app that only tells: no consumer, no group. */
  consume?: boolean;
}

/** Events in and out for one app: `Outbox` to inject, `@On` handlers in its controllers, the relay, the inbox, dead letters, parked keys. */
@Module({})
export class MessagingModule implements OnModuleInit {
  constructor(private readonly modules: ModulesContainer) {}

  static for(config: MessagingConfig, { consume = true }: Options = {}): DynamicModule {
    return {
      module: MessagingModule,
      global: true,
      controllers: consume ? [MessagingController, DeadLettersController] : [MessagingController],
      providers: [
        { provide: MESSAGING_CONFIG, useValue: config },
        { provide: FloodGuard, useFactory: () => new FloodGuard() },
        Handlers,
        Outbox,
        BatchTransaction,
        ParkedKeys,
        Intake,
        Unparker,
        Keeper,
        ...[FindLetters, ReplayLetters, DropLetters],
        { provide: Messenger, inject: [EntityManager, Health, Handlers, Intake, FloodGuard, Keeper, Unparker], useFactory: messenger },
        {
          provide: MICROSERVICE,
          inject: [Handlers, Messenger],
          useFactory: (handlers: Handlers, running: Messenger) => new KafkaBatchStrategy(handlers, running),
        },
      ],
      exports: [Outbox, Intake, MICROSERVICE],
    };

    function messenger(
      em: EntityManager,
      health: Health,
      handlers: Handlers,
      intake: Intake,
      flood: FloodGuard,
      keeper: Keeper,
      unparker: Unparker,
    ): Messenger {
      const driver = kafkaDriver(config);
      const relay = new Relay(em, driver, { app: config.app, sent: failPoint(config, 'relay.sent') });
      const probe = () => keeper.probe();
      const consumption = new Consumption({
        config,
        driver,
        handlers,
        intake,
        flood,
        probe,
        onDead: giveUp,
        committed: failPoint(config, 'consumer.committed'),
      });
      return new Messenger({ em, health, driver, relay, keeper, consuming: consume ? { consumption, unparker } : undefined });
    }
  }

  onModuleInit(): void {
    checkHandlers(this.modules);
  }
}
