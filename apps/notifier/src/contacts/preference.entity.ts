import type { MessageLanguage, Muted, QuietHours } from '@gatehouse/contracts';
import { ownRows } from '@gatehouse/persistence';
import { defineEntity, p } from '@mikro-orm/core';

const schema = defineEntity({
  name: 'Preference',
  ...ownRows('notifier'),
  properties: {
    userId: p.string().primary(),
    email: p.boolean(),
    digestMinutes: p.integer(),
    muted: p.json<Muted>(),
    quietHours: p.json<QuietHours>().nullable(),
    language: p.string().$type<MessageLanguage>().nullable(),
    webhookUrl: p.text().nullable(),
    webhookSecret: p.text().nullable(),
    /** Deliveries to the address that failed in a row: after 20 it is no longer tried. */
    webhookFailures: p.integer().default(0),
    /** Counts the user's own changes: what somebody decided on an older state is refused. */
    version: p.integer().default(0),
    testedAt: p.datetime().nullable(),
  },
});

/** A user's own choice of channels. Without a row the defaults hold. */
export class Preference extends schema.class {
  tag(): string {
    return tagOf(this.version);
  }
}
schema.setClass(Preference);

export const WEBHOOK_FAILURES = 20;
export const NOTHING_MUTED: Muted = { inbox: [], email: [], webhook: [] };
export const tagOf = (version: number): string => `"${version}"`;
