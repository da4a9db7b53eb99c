import { MessagingModule } from '@gatehouse/messaging';
import { DatabaseModule } from '@gatehouse/persistence';
import { RuntimeModule } from '@gatehouse/runtime';
import { Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { AuthController } from './auth.controller.js';
import { Auth } from './auth.js';
import { config } from './config.js';
import { CreateUser } from './create-user.js';
import { database } from './database.js';
import { DeleteMe } from './delete-me.js';
import { DeleteUser } from './delete-user.js';
import { FindUser } from './find-user.js';
import { Mail } from './mail.js';
import { MeController } from './me.controller.js';
import { PagesController } from './pages.controller.js';
import { PurgeWorker } from './purge.worker.js';
import { UsersController } from './users.controller.js';

@Module({
  imports: [
    RuntimeModule.for(config),
    DatabaseModule.for(database, config),
    MessagingModule.for(config, { consume: false }), // the relay only: identity listens to nothing
    ScheduleModule.forRoot(),
  ],
  controllers: [AuthController, MeController, PagesController, UsersController],
  providers: [Auth, Mail, CreateUser, DeleteUser, DeleteMe, FindUser, PurgeWorker],
})
export class AppModule {}
