import { RuntimeModule } from '@gatehouse/runtime';
import { type DynamicModule, Module } from '@nestjs/common';
import { ApiCalls } from './composio/api-calls.js';
import { EmulatorController } from './composio/emulator.controller.js';
import { LegacyController } from './composio/legacy.controller.js';
import { LegacyIntegrationsController } from './composio/legacy-integrations.controller.js';
import { LinkController } from './composio/link.controller.js';
import { Origin } from './composio/origin.js';
import { Projects } from './composio/projects.js';
import { RecordsController } from './composio/records.controller.js';
import { UnknownRoutesController } from './composio/unknown-routes.controller.js';
import { V3AccountsController } from './composio/v3-accounts.controller.js';
import { V3CatalogueController } from './composio/v3-catalogue.controller.js';
import { V3SessionsController } from './composio/v3-sessions.controller.js';
import { V3WebhooksController } from './composio/v3-webhooks.controller.js';
import type { SandboxConfig } from './config.js';
import { MailCatcher } from './mail/mail-catcher.js';
import { MailsController } from './mail/mails.controller.js';
import { ChatController } from './model/chat.controller.js';
import { ModelControlController } from './model/model-control.controller.js';
import { Scripts } from './model/scripts.js';
import { PageController } from './page/page.controller.js';
import { Snapshot } from './snapshot.js';

@Module({})
export class AppModule {
  static for(config: SandboxConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [RuntimeModule.for(config)],
      controllers: [
        V3AccountsController,
        V3CatalogueController,
        V3WebhooksController,
        V3SessionsController,
        LegacyController,
        LegacyIntegrationsController,
        UnknownRoutesController,
        LinkController,
        EmulatorController,
        RecordsController,
        ChatController,
        ModelControlController,
        MailsController,
        PageController,
      ],
      providers: [Projects, Origin, ApiCalls, MailCatcher, Scripts, Snapshot],
    };
  }
}
