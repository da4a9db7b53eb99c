import { randomBytes } from 'node:crypto';
import type { Preferences } from '@gatehouse/contracts';
import { Transactional } from '@gatehouse/persistence';
import { Problem } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { DropUnwanted } from '../deliveries/drop-unwanted.js';
import { lockPreference } from './lock-preference.js';
import type { Preference } from './preference.entity.js';

export interface PreferenceChange {
  userId: string;
  wish: Preferences;
  /** What the person saw when they decided; undefined: whatever it is. */
  ifMatch: string | undefined;
}

@Injectable()
export class ChangePreferences {
  constructor(
    private readonly em: EntityManager,
    private readonly dropUnwanted: DropUnwanted,
  ) {}

  /** A new address gets a new secret: the old one's owner must not be able to sign for it. What is no longer wanted is not sent any more. */
  @Transactional()
  async execute({ userId, wish, ifMatch }: PreferenceChange): Promise<Preference> {
    const row = await lockPreference(this.em, userId);
    if (ifMatch !== undefined && ifMatch !== '*' && ifMatch !== row.tag())
      throw new Problem(412, 'outdated', 'This was changed meanwhile. Look at it again.');
    const {
      webhookUrl,
      email,
      digestMinutes,
      muted = row.muted,
      quietHours = row.quietHours ?? null,
      language = row.language ?? null,
    } = wish;
    if (row.webhookUrl !== webhookUrl) {
      const webhookSecret = webhookUrl && `whsec_${randomBytes(32).toString('base64')}`;
      this.em.assign(row, { webhookUrl, webhookSecret, webhookFailures: 0 });
    }
    this.em.assign(row, { email, digestMinutes, muted, quietHours, language, version: row.version + 1 });
    await this.dropUnwanted.execute(row);
    return row;
  }
}
