import { unsubscribeQuery } from '@gatehouse/contracts';
import { asUsers } from '@gatehouse/persistence';
import { Access } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Controller, Get, Header, Headers, HttpCode, Post, Query, Res } from '@nestjs/common';
import type { z } from 'zod';
import { languageOf, wordsIn } from '../words/wording.js';
import { page } from './page.js';
import type { Reply } from './reply.js';
import { Unsubscribe } from './unsubscribe.js';
import { UnsubscribeTokens } from './unsubscribe-tokens.js';

type Asked = z.output<typeof unsubscribeQuery>;
const HTML = 'text/html; charset=utf-8';

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
  @Header('content-type', HTML)
  @Header('cache-control', 'no-store')
  ask(
    @Query({ schema: unsubscribeQuery }) { token }: Asked,
    @Headers('accept-language') tag: string | undefined,
    @Res({ passthrough: true }) reply: Reply,
  ): string {
    if (!this.tokens.read(token)) return unreadable(reply, tag);
    const { leave } = wordsIn(languageOf(tag));
    const form = `<form method="post" action="/unsubscribe?token=${encodeURIComponent(token)}"><button>${leave.button}</button></form>`;
    return page(languageOf(tag), leave.title, `<p>${leave.text}</p>${form}`);
  }

  @Post()
  @HttpCode(200)
  @Header('content-type', HTML)
  @Header('cache-control', 'no-store')
  async leave(
    @Query({ schema: unsubscribeQuery }) { token }: Asked,
    @Headers('accept-language') tag: string | undefined,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<string> {
    const whose = this.tokens.read(token);
    if (!whose) return unreadable(reply, tag);
    await asUsers(this.em, [whose.userId], () => this.unsubscribe.execute(whose));
    const { leave } = wordsIn(languageOf(tag));
    return page(languageOf(tag), leave.done, `<p>${leave.doneText}</p>${toSettings(leave.settings)}`);
  }
}

function unreadable(reply: Reply, tag: string | undefined): string {
  reply.status(400);
  const { leave } = wordsIn(languageOf(tag));
  return page(languageOf(tag), leave.unreadable, `<p>${leave.unreadableText}</p>${toSettings(leave.settings)}`);
}

const toSettings = (words: string): string => `<p><a href="/settings/notifications">${words}</a></p>`;
