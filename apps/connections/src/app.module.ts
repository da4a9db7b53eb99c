import { COMPOSIO, createComposio } from '@gatehouse/composio';
import { MessagingModule } from '@gatehouse/messaging';
import { DatabaseModule } from '@gatehouse/persistence';
import { RuntimeModule } from '@gatehouse/runtime';
import { SwitchesModule } from '@gatehouse/switches';
import { Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { AppList } from './apps/app-list.js';
import { AppsController } from './apps/apps.controller.js';
import { CallbackController } from './callback/callback.controller.js';
import { CompleteConnection } from './callback/complete-connection.js';
import { DeclineAttempt } from './callback/decline-attempt.js';
import { RedeemSession } from './callback/redeem-session.js';
import { config } from './config.js';
import { ActivateConnection } from './connections/activate-connection.js';
import { BreakConnections } from './connections/break-connections.js';
import { ChangeConnection } from './connections/change-connection.js';
import { CheckConnection } from './connections/check-connection.js';
import { ConnectApp } from './connections/connect-app.js';
import { ConnectReadiness } from './connections/connect-readiness.js';
import { ConnectingController } from './connections/connecting.controller.js';
import { ConnectionsController } from './connections/connections.controller.js';
import { LabelAccount } from './connections/label-account.js';
import { LabelsWorker } from './connections/labels.worker.js';
import { OneConnectionController } from './connections/one-connection.controller.js';
import { PendingWorker } from './connections/pending.worker.js';
import { ReserveAttempt } from './connections/reserve-attempt.js';
import { SettleAttempt } from './connections/settle-attempt.js';
import { TakeWork } from './connections/take-work.js';
import { ConnectionsConsumer } from './connections.consumer.js';
import { database } from './database.js';
import { CheckGate } from './gate/check-gate.js';
import { GateController } from './gate/gate.controller.js';
import { NoteUse } from './gate/note-use.js';
import { MeasureConnections } from './operators/measure-connections.js';
import { OperatorsController } from './operators/operators.controller.js';
import { FinishRemoval } from './removals/finish-removal.js';
import { RemovalsWorker } from './removals/removals.worker.js';
import { RemoveAccount } from './removals/remove-account.js';
import { StartRemovals } from './removals/start-removals.js';
import { RetentionWorker } from './retention.worker.js';
import { EnsureEntities } from './users/ensure-entities.js';
import { ForgetUsers } from './users/forget-users.js';
import { PurgeUsers } from './users/purge-users.js';

@Module({
  imports: [
    RuntimeModule.for(config),
    DatabaseModule.for(database, config),
    MessagingModule.for(config),
    SwitchesModule.for(['everything', 'app', 'user']), // which tool is called is not known here
    ScheduleModule.forRoot({ intervals: config.SCHEDULE === 'on' }),
  ],
  controllers: [
    ConnectionsConsumer,
    AppsController,
    ConnectingController,
    ConnectionsController,
    OneConnectionController,
    CallbackController,
    GateController,
    OperatorsController,
  ],
  providers: [
    { provide: COMPOSIO, useFactory: () => createComposio(config) },
    ...[AppList, CheckGate, NoteUse, MeasureConnections],
    ...[EnsureEntities, ForgetUsers, PurgeUsers],
    ...[ReserveAttempt, ConnectApp, RedeemSession, CompleteConnection, DeclineAttempt, ActivateConnection, SettleAttempt],
    ...[BreakConnections, CheckConnection, ChangeConnection, LabelAccount],
    ...[StartRemovals, RemoveAccount, FinishRemoval],
    ...[TakeWork, PendingWorker, LabelsWorker, RemovalsWorker, RetentionWorker, ConnectReadiness],
  ],
})
export class AppModule {}
