import { COMPOSIO, createComposio } from '@gatehouse/composio';
import { COMPOSIO_AUDIT, createComposioAudit } from '@gatehouse/composio/audit';
import { MessagingModule } from '@gatehouse/messaging';
import { DatabaseModule } from '@gatehouse/persistence';
import { RuntimeModule } from '@gatehouse/runtime';
import { Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { AuditWorker } from './audit.worker.js';
import { AuditorConsumer } from './auditor.consumer.js';
import { BreaksWorker } from './breaks.worker.js';
import { ComposioWebhookController } from './composio-webhook.controller.js';
import { config } from './config.js';
import { database } from './database.js';
import { HeldController } from './held.controller.js';
import { MeasureWorker } from './measure.worker.js';
import { RetentionWorker } from './retention.worker.js';
import { CloseApp } from './sweep/close-app.js';
import { OpenCycle } from './sweep/open-cycle.js';
import { SettleHeld } from './sweep/settle-held.js';
import { SweepPage } from './sweep/sweep-page.js';
import { BreakConnections } from './watch/break-connections.js';
import { ForgetUsers } from './watch/forget-users.js';
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
  controllers: [AuditorConsumer, ComposioWebhookController, HeldController],
  providers: [
    { provide: COMPOSIO, useFactory: () => createComposio(config) },
    { provide: COMPOSIO_AUDIT, useFactory: () => createComposioAudit(config) },
    AuditWorker,
    BreaksWorker,
    RetentionWorker,
    MeasureWorker,
    WatchConnections,
    UnwatchConnections,
    SuspectConnections,
    ForgetUsers,
    RecheckAccounts,
    ReceiveWebhook,
    BreakConnections,
    OpenCycle,
    SweepPage,
    CloseApp,
    SettleHeld,
  ],
})
export class AppModule {}
