import { type Preferences, type PreferencesView, preferences, type TestMessage, type TestResult, testMessage } from '@gatehouse/contracts';
import { Access, type Principal, Problem, SignedIn } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Body, Controller, Get, Headers, HttpCode, Post, Put, Res } from '@nestjs/common';
import { refusalOf } from '../channels/webhook.js';
import { config } from '../config.js';
import { ChangePreferences } from './change-preferences.js';
import { NOTHING_MUTED, Preference, tagOf, WEBHOOK_FAILURES } from './preference.entity.js';
import type { Reply } from './reply.js';
import { SendTest } from './send-test.js';

@Controller('v1/preferences')
@Access('user')
export class PreferencesController {
  constructor(
    private readonly em: EntityManager,
    private readonly changePreferences: ChangePreferences,
    private readonly sendTest: SendTest,
  ) {}

  @Get()
  async read(@SignedIn() user: Principal, @Res({ passthrough: true }) reply: Reply): Promise<PreferencesView> {
    return show(reply, await this.em.findOne(Preference, { userId: user.id }, { refresh: true }));
  }

  @Put()
  async change(
    @SignedIn() user: Principal,
    @Body({ schema: preferences }) wish: Preferences,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<PreferencesView> {
    const refusal = wish.webhookUrl && refusalOf(wish.webhookUrl);
    if (refusal) throw new Problem(422, 'webhook_refused', refusal);
    return show(reply, await this.changePreferences.execute({ userId: user.id, wish, ifMatch }));
  }

  @Post('test')
  @HttpCode(200)
  async test(@SignedIn() user: Principal, @Body({ schema: testMessage }) { channels }: TestMessage): Promise<{ data: TestResult[] }> {
    return { data: await this.sendTest.execute({ userId: user.id, channels }) };
  }
}

function show(reply: Reply, row: Preference | null): PreferencesView {
  reply.header('etag', tagOf(row?.version ?? 0));
  return {
    email: row?.email ?? true,
    digestMinutes: digestOf(row?.digestMinutes ?? config.DIGEST_MINUTES),
    muted: row?.muted ?? NOTHING_MUTED,
    quietHours: row?.quietHours ?? null,
    language: row?.language ?? null,
    webhookUrl: row?.webhookUrl ?? null,
    webhookSecret: row?.webhookSecret ?? null,
    webhookStopped: (row?.webhookFailures ?? 0) >= WEBHOOK_FAILURES,
  };
}

/** The default may be any number of minutes; people choose among three. */
const digestOf = (minutes: number): PreferencesView['digestMinutes'] => (minutes === 0 ? 0 : minutes > 15 ? 1440 : 15);
