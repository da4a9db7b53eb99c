import type { NotificationKind } from '@gatehouse/contracts';
import { Transactional } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable, NotFoundException } from '@nestjs/common';
import { DropUnwanted } from '../deliveries/drop-unwanted.js';
import { lockPreference } from './lock-preference.js';

export interface Unsubscription {
  userId: string;
  kinds: NotificationKind[];
}

@Injectable()
export class Unsubscribe {
  constructor(
    private readonly em: EntityManager,
    private readonly dropUnwanted: DropUnwanted,
  ) {}

  /** No more e-mails of these kinds; the inbox and webhooks stay as they are. Doing it again changes nothing, nor does it for a deleted user. */
  @Transactional()
  async execute({ userId, kinds }: Unsubscription): Promise<void> {
    const row = await lockPreference(this.em, userId).catch((error: unknown) => {
      if (error instanceof NotFoundException) return null;
      throw error;
    });
    if (!row || kinds.every((kind) => row.muted.email.includes(kind))) return;
    row.muted = { ...row.muted, email: [...new Set([...row.muted.email, ...kinds])] };
    row.version += 1; // a page that was open before would switch it on again
    await this.dropUnwanted.execute(row);
  }
}
