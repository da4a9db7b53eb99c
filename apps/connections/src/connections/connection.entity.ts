import type { ConnectionState } from '@gatehouse/contracts';
import { ownRows } from '@gatehouse/persistence';
import { defineEntity, p } from '@mikro-orm/core';

const STATES = [
  'pending',
  'active',
  'broken',
  'unknown',
  'not_finished',
  'removing',
  'removed',
] as const satisfies readonly ConnectionState[];

/** Our durable record "this user, this app, this alias". Its id never changes; the account behind it does. */
const schema = defineEntity({
  name: 'Connection',
  ...ownRows('connections'),
  uniques: [{ name: 'connection_slot_unique', properties: ['userId', 'app', 'alias'], where: "state <> 'removed'" }],
  indexes: [
    { name: 'connection_list_index', properties: ['userId', 'createdAt', 'id'] },
    { name: 'connection_removed_index', properties: ['removedAt'], where: 'removed_at is not null' },
  ],
  properties: {
    id: p.uuid().primary(),
    userId: p.string(),
    app: p.string(),
    /** Empty for the one without a name, so that the unique index sees it. */
    alias: p.string().default(''),
    state: p.enum(STATES).default('pending'),
    providerStatus: p.string().nullable(),
    reason: p.text().nullable(),
    /** The account in use, or the last one that was. Null: there never was one. */
    accountId: p.string().nullable(),
    accountLabel: p.string().nullable(),
    /** The greatest that was ever seen; only the auditor raises it. */
    epoch: p.integer().default(0),
    connectedAt: p.datetime().nullable(),
    lastCheckedAt: p.datetime().nullable(),
    lastUsedAt: p.datetime().nullable(),
    removedBy: p.string().nullable(),
    removalOutcome: p.string().nullable(),
    removedAt: p.datetime().nullable(),
    createdAt: p.datetime().onCreate(() => new Date()),
  },
});

export class Connection extends schema.class {
  /** Somebody starts to connect it. What once was active keeps its state and its account until the new one is active. */
  expect(): void {
    if (this.state !== 'not_finished') return;
    this.state = 'pending';
    this.reason = null;
  }

  /** Its attempt came to nothing, which is nobody's news: only what once was active can break. */
  giveUp(reason: string): void {
    if (this.state !== 'pending') return;
    this.state = 'not_finished';
    this.reason = reason;
  }

  isLeaving(): boolean {
    return this.state === 'removing' || this.state === 'removed';
  }

  /** The account is proven and works. Says whether this repaired or replaced something that was active before. */
  activate(account: { id: string; status: string }, at: Date): boolean {
    if (this.isLeaving()) throw new Error('a connection that is being removed cannot become active');
    const reconnected = this.connectedAt != null;
    this.state = 'active';
    this.accountId = account.id;
    this.providerStatus = account.status;
    this.reason = null;
    this.connectedAt = at;
    this.lastCheckedAt = at;
    return reconnected;
  }

  /** The auditor says that it stopped working. Old news, and news of an account that was replaced since, break nothing. */
  break(news: { accountId: string; epoch: number; status: string; reason: string; detectedAt: Date }): void {
    const current = news.accountId === this.accountId && news.epoch > this.epoch;
    this.epoch = Math.max(this.epoch, news.epoch);
    if (!current || (this.state !== 'active' && this.state !== 'unknown')) return;
    this.state = 'broken';
    this.providerStatus = news.status;
    this.reason = news.reason;
    this.lastCheckedAt = news.detectedAt;
  }

  /** What a fresh read said. It may raise doubt, or end it, but never breaks: that is the auditor's to tell. True: it works again. */
  observe(account: { status: string; reason: string | null; usable: boolean }, at: Date): boolean {
    this.providerStatus = account.status;
    this.lastCheckedAt = at;
    if (account.usable) {
      const healed = this.state === 'broken' || this.state === 'unknown';
      if (healed) this.state = 'active';
      if (healed) this.reason = null;
      return healed;
    }
    if (this.state === 'active') {
      this.state = 'unknown';
      this.reason = account.reason;
    }
    return false;
  }
}
schema.setClass(Connection);
