import { randomBytes } from 'node:crypto';
import type { Preferences } from '@gatehouse/contracts';
import { Transactional } from '@gatehouse/persistence';
import { LockMode } from '@mikro-orm/core';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { Preference } from './preference.entity.js';

@Injectable()
export class ChangePreferences {
  constructor(private readonly em: EntityManager) {}

  /** A new address gets a new secret: the old one's owner must not be able to sign for it. */
  @Transactional()
  async execute(userId: string, { email, digestMinutes, webhookUrl }: Preferences): Promise<Preference> {
    const known = await this.em.findOne(Preference, { userId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    const same = known !== null && known.webhookUrl === webhookUrl;
    const webhook = same
      ? {}
      : { webhookUrl, webhookSecret: webhookUrl && `whsec_${randomBytes(32).toString('base64')}`, webhookFailures: 0 };
    if (known) return this.em.assign(known, { email, digestMinutes, ...webhook });
    const fresh = this.em.create(Preference, {
      userId,
      email,
      digestMinutes,
      webhookUrl: null,
      webhookSecret: null,
      webhookFailures: 0,
      ...webhook,
    });
    this.em.persist(fresh);
    return fresh;
  }
}
