import { Body, Controller, Get, Post, Query, Res, UseGuards } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { breakAccounts } from '../composio/break-accounts.js';
import { Projects } from '../composio/projects.js';
import { ControlGuard } from '../control.guard.js';
import { PAGE_HEADERS } from '../html.js';
import { MailCatcher } from '../mail/mail-catcher.js';
import { overview } from './overview.page.js';

const pageDeed = z.object({ project: z.string().min(1), account: z.string(), deed: z.enum(['EXPIRED', 'REVOKED', 'heal']) });
const choice = z.object({ project: z.string().min(1).max(200).default('local'), owner: z.string().min(1).max(200).optional() });

/** What a person sees of the sandbox, and the two things worth doing by hand: breaking an account and healing it. */
@Controller()
@UseGuards(ControlGuard)
export class PageController {
  constructor(
    private readonly projects: Projects,
    private readonly mails: MailCatcher,
  ) {}

  @Get()
  show(@Query({ schema: choice }) { project: name, owner }: z.infer<typeof choice>, @Res() reply: FastifyReply) {
    const projects = this.projects.all().map((other) => other.name);
    const shown = { project: this.projects.get(name), owner, mails: this.mails.list(), projects };
    return reply.headers(PAGE_HEADERS).send(overview(shown));
  }

  @Post('_emulator/page')
  act(@Body({ schema: pageDeed }) { project: name, account: id, deed }: z.infer<typeof pageDeed>, @Res() reply: FastifyReply) {
    const project = this.projects.get(name);
    const account = project.accounts.live(id);
    if (account && deed !== 'heal') breakAccounts(project, [account], { status: deed, webhook: true });
    if (account && deed === 'heal') project.setStatus(account, 'ACTIVE');
    return reply.redirect(`/?project=${encodeURIComponent(name)}`, 303);
  }
}
