import { COMPOSIO, createComposio } from '@gatehouse/composio';
import { COMPOSIO_AUDIT, createComposioAudit } from '@gatehouse/composio/audit';
import { MessagingModule } from '@gatehouse/messaging';
import { DatabaseModule } from '@gatehouse/persistence';
import { RuntimeModule } from '@gatehouse/runtime';
import { Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { AuditWorker } from './audit.worker.js';
import { AuditorConsumer } from './auditor.consumer.js';
import { Breaker } from './breaker.js';
import { BreaksWorker } from './breaks.worker.js';
import { ComposioWebhookController } from './composio-webhook.controller.js';
import { config } from './config.js';
import { database } from './database.js';
import { CloseReport } from './drift/close-report.js';
import { NoteDrift } from './drift/note-drift.js';
import { OpenReport } from './drift/open-report.js';
import { ProveMissing } from './drift/prove-missing.js';
import { Reconcile } from './drift/reconcile.js';
import { ReconcilePage } from './drift/reconcile-page.js';
import { DriftController } from './drift.controller.js';
import { HeldController } from './held.controller.js';
import { MeasureWorker } from './measure.worker.js';
import { AskSweep } from './operators/ask-sweep.js';
import { MeasureAudit } from './operators/measure-audit.js';
import { OperatorsController } from './operators/operators.controller.js';
import { ReconcileWorker } from './reconcile.worker.js';
import { RetentionWorker } from './retention.worker.js';
import { CloseApp } from './sweep/close-app.js';
import { LeaseShards } from './sweep/lease-shards.js';
import { OpenCycle } from './sweep/open-cycle.js';
import { SettleHeld } from './sweep/settle-held.js';
import { SweepPage } from './sweep/sweep-page.js';
import { BreakConnections } from './watch/break-connections.js';
import { ForgetUsers } from './watch/forget-users.js';
import { ListAccounts } from './watch/list-accounts.js';
import { ReadAccount } from './watch/read-account.js';
import { ReceiveWebhook } from './watch/receive-webhook.js';
import { RecheckAccounts } from './watch/recheck-accounts.js';
import { SuspectConnections } from './watch/suspect-connections.js';
import { UnwatchConnections } from './watch/unwatch-connections.js';
import { WatchConnections } from './watch/watch-connections.js';

@Module({
  imports: [
    RuntimeModule.for(config),
    DatabaseModule.for(database, config),
    MessagingModule.for(config),
    ScheduleModule.forRoot({ intervals: config.SCHEDULE === 'on' }),
  ],
  controllers: [AuditorConsumer, ComposioWebhookController, HeldController, DriftController, OperatorsController],
  providers: [
    { provide: COMPOSIO, useFactory: () => createComposio(config) },
    { provide: COMPOSIO_AUDIT, useFactory: () => createComposioAudit(config) },
    Breaker,
    AuditWorker,
    ReconcileWorker,
    BreaksWorker,
    RetentionWorker,
    MeasureWorker,
    WatchConnections,
    UnwatchConnections,
    SuspectConnections,
    ForgetUsers,
    ReadAccount,
    ListAccounts,
    RecheckAccounts,
    ReceiveWebhook,
    BreakConnections,
    LeaseShards,
    OpenCycle,
    SweepPage,
    CloseApp,
    SettleHeld,
    AskSweep,
    MeasureAudit,
    Reconcile,
    OpenReport,
    ReconcilePage,
    ProveMissing,
    NoteDrift,
    CloseReport,
  ],
})
export class AppModule {}
