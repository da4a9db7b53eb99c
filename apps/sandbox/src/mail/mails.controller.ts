import { Controller, Delete, Get, Query, UseGuards } from '@nestjs/common';
import { ControlGuard } from '../control.guard.js';
import { MailCatcher } from './mail-catcher.js';

@Controller('_emulator/mails')
@UseGuards(ControlGuard)
export class MailsController {
  constructor(private readonly mails: MailCatcher) {}

  @Get()
  list(@Query('to') to?: string) {
    const items = this.mails.list(to);
    return { items, count: items.length, smtpPort: this.mails.port };
  }

  @Delete()
  forget(@Query('to') to?: string) {
    return { deleted: this.mails.forget(to) };
  }
}
