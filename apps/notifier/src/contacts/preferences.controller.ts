import { type Preferences, type PreferencesView, preferences } from '@gatehouse/contracts';
import { Access, type Principal, Problem, SignedIn } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Body, Controller, Get, Put } from '@nestjs/common';
import { refusalOf } from '../channels/webhook.js';
import { config } from '../config.js';
import { ChangePreferences } from './change-preferences.js';
import { Preference } from './preference.entity.js';

@Controller('v1/preferences')
@Access('user')
export class PreferencesController {
  constructor(
    private readonly em: EntityManager,
    private readonly changePreferences: ChangePreferences,
  ) {}

  @Get()
  async read(@SignedIn() user: Principal): Promise<PreferencesView> {
    return present(await this.em.findOne(Preference, { userId: user.id }));
  }

  @Put()
  async change(@SignedIn() user: Principal, @Body({ schema: preferences }) wish: Preferences): Promise<PreferencesView> {
    const refusal = wish.webhookUrl && refusalOf(wish.webhookUrl);
    if (refusal) throw new Problem(422, 'webhook_refused', refusal);
    return present(await this.changePreferences.execute(user.id, wish));
  }
}

const digest = config.DIGEST_MINUTES === 0 ? 0 : config.DIGEST_MINUTES > 15 ? 1440 : 15;

const present = (row: Preference | null): PreferencesView => ({
  email: row?.email ?? true,
  digestMinutes: (row?.digestMinutes as PreferencesView['digestMinutes']) ?? digest,
  webhookUrl: row?.webhookUrl ?? null,
  webhookSecret: row?.webhookSecret ?? null,
});
