import { MessagingModule } from '@gatehouse/messaging';
import { DatabaseModule } from '@gatehouse/persistence';
import { RuntimeModule } from '@gatehouse/runtime';
import { Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { Email } from './channels/email.js';
import { Webhook } from './channels/webhook.js';
import { config } from './config.js';
import { ChangePreferences } from './contacts/change-preferences.js';
import { Choices } from './contacts/choices.js';
import { ForgetUsers } from './contacts/forget-users.js';
import { PreferencesController } from './contacts/preferences.controller.js';
import { RememberContacts } from './contacts/remember-contacts.js';
import { SendTest } from './contacts/send-test.js';
import { UnsubscribeController } from './contacts/unsubscribe.controller.js';
import { Unsubscribe } from './contacts/unsubscribe.js';
import { UnsubscribeTokens } from './contacts/unsubscribe-tokens.js';
import { database } from './database.js';
import { DropUnwanted } from './deliveries/drop-unwanted.js';
import { OweDeliveries } from './deliveries/owe-deliveries.js';
import { SendDeliveries } from './deliveries/send-deliveries.js';
import { AnnounceIncidents } from './notifications/announce-incidents.js';
import { InboxController } from './notifications/inbox.controller.js';
import { MarkInboxRead } from './notifications/mark-inbox-read.js';
import { MarkRead } from './notifications/mark-read.js';
import { SettleIncidents } from './notifications/settle-incidents.js';
import { TellInbox } from './notifications/tell-inbox.js';
import { NotifierConsumer } from './notifier.consumer.js';
import { OperatorsController } from './operators/operators.controller.js';
import { ResendNotification } from './operators/resend-notification.js';
import { RetentionWorker } from './retention.worker.js';
import { SendWorker } from './send.worker.js';

@Module({
  imports: [
    RuntimeModule.for(config),
    DatabaseModule.for(database, config),
    MessagingModule.for(config),
    ScheduleModule.forRoot({ intervals: config.SCHEDULE === 'on' }),
  ],
  controllers: [NotifierConsumer, InboxController, PreferencesController, OperatorsController, UnsubscribeController],
  providers: [
    SendWorker,
    RetentionWorker,
    RememberContacts,
    ForgetUsers,
    ChangePreferences,
    Choices,
    Unsubscribe,
    UnsubscribeTokens,
    SendTest,
    AnnounceIncidents,
    SettleIncidents,
    TellInbox,
    MarkRead,
    MarkInboxRead,
    OweDeliveries,
    DropUnwanted,
    SendDeliveries,
    ResendNotification,
    Email,
    Webhook,
  ],
})
export class AppModule {}
