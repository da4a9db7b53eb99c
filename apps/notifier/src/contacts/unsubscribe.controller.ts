import { unsubscribeQuery } from '@gatehouse/contracts';
import { asUsers } from '@gatehouse/persistence';
import { Access } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Controller, Get, Headers, HttpCode, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { languageOf, wordsIn } from '../words/wording.js';
import { page } from './page.js';
import { Unsubscribe } from './unsubscribe.js';
import { UnsubscribeTokens } from './unsubscribe-tokens.js';

type Asked = z.output<typeof unsubscribeQuery>;

/**
 * The link of an e-mail (RFC 8058). Mail programs post to it for their reader, without a sign-in and without a page; people open it. Opening
 * changes nothing, since scanners open links, too.
 */
@Controller('unsubscribe')
@Access('anyone')
export class UnsubscribeController {
  constructor(
    private readonly em: EntityManager,
    private readonly unsubscribe: Unsubscribe,
    private readonly tokens: UnsubscribeTokens,
  ) {}

  @Get()
  ask(
    @Query({ schema: unsubscribeQuery }) { token }: Asked,
    @Headers('accept-language') tag: string | undefined,
    @Res() reply: FastifyReply,
  ) {
    const { leave } = wordsIn(languageOf(tag));
    if (!this.tokens.read(token)) return unreadable(reply, tag);
    const form = `<form method="post" action="/unsubscribe?token=${encodeURIComponent(token)}"><button>${leave.button}</button></form>`;
    return show(reply, 200, tag, leave.title, `<p>${leave.text}</p>${form}`);
  }

  @Post()
  @HttpCode(200)
  async leave(
    @Query({ schema: unsubscribeQuery }) { token }: Asked,
    @Headers('accept-language') tag: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const whose = this.tokens.read(token);
    if (!whose) return unreadable(reply, tag);
    await asUsers(this.em, [whose.userId], () => this.unsubscribe.execute(whose));
    const { leave } = wordsIn(languageOf(tag));
    show(reply, 200, tag, leave.done, `<p>${leave.doneText}</p><p><a href="/settings/notifications">${leave.settings}</a></p>`);
  }
}

function unreadable(reply: FastifyReply, tag: string | undefined): void {
  const { leave } = wordsIn(languageOf(tag));
  show(reply, 400, tag, leave.unreadable, `<p>${leave.unreadableText}</p><p><a href="/settings/notifications">${leave.settings}</a></p>`);
}

function show(reply: FastifyReply, status: number, tag: string | undefined, title: string, body: string): void {
  void reply
    .status(status)
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(page(languageOf(tag), title, body));
}
