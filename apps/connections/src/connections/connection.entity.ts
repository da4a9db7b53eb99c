import { createHash } from 'node:crypto';
import type { ConnectionState, Detector } from '@gatehouse/contracts';
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

/** A row of history for each change of state or account, in the transaction of the change: whoever writes, none can be left out. */
const NOTE_CHANGE = `
  if (old.state, old.account_id) is distinct from (new.state, new.account_id) then
    insert into connection_change (connection_id, user_id, was, state, provider_status, reason, account_id, epoch, detected_by)
    values (new.id, new.user_id, old.state, new.state, new.provider_status,
      case when new.state = 'removed' then new.removal_outcome else new.reason end, new.account_id, new.epoch, new.changed_by);
  end if;
  return null;`;

/** Our durable record "this user, this app, this alias". Its id never changes; the account behind it does. */
const schema = defineEntity({
  name: 'Connection',
  ...ownRows('connections'),
  uniques: [
    { name: 'connection_slot_unique', properties: ['userId', 'app', 'alias'], where: "state <> 'removed'" },
    { name: 'connection_default_unique', properties: ['userId', 'app'], where: 'is_default' },
  ],
  indexes: [
    { name: 'connection_list_index', properties: ['userId', 'createdAt', 'id'] },
    { name: 'connection_removed_index', properties: ['removedAt'], where: 'removed_at is not null' },
  ],
  triggers: [{ name: 'connection_history', timing: 'after', events: ['insert', 'update'], body: NOTE_CHANGE }],
  properties: {
    id: p.uuid().primary(),
    userId: p.string(),
    app: p.string(),
    /** Empty for the one without a name, so that the unique index sees it. */
    alias: p.string().default(''),
    state: p.enum(STATES).default('pending'),
    providerStatus: p.string().nullable(),
    reason: p.text().nullable(),
    /** Who brought about the state it is in. */
    changedBy: p.string().$type<Detector>().default('user'),
    /** Of several accounts of an app the one that runs use. */
    isDefault: p.boolean().default(false),
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
    this.become('pending', 'user');
  }

  /** Its attempt came to nothing, which is nobody's news: only what once was active can break. */
  giveUp(reason: string, by: Detector): void {
    if (this.state !== 'pending') return;
    this.become('not_finished', by, reason);
  }

  isLeaving(): boolean {
    return this.state === 'removing' || this.state === 'removed';
  }

  /** The account is proven and works. Says whether this repaired or replaced something that was active before. */
  activate(account: { id: string; status: string }, by: Detector, at: Date): boolean {
    if (this.isLeaving()) throw new Error('a connection that is being removed cannot become active');
    const reconnected = this.connectedAt != null;
    this.become('active', by);
    this.accountLabel = null; // the same account may be another person's by now
    this.accountId = account.id;
    this.providerStatus = account.status;
    this.connectedAt = at;
    this.lastCheckedAt = at;
    return reconnected;
  }

  /** The auditor says that it stopped working. Old news, and news of an account that was replaced since, break nothing. */
  break(news: { accountId: string; epoch: number; status: string; reason: string; detectedBy: Detector; detectedAt: Date }): void {
    const current = news.accountId === this.accountId && news.epoch > this.epoch;
    this.epoch = Math.max(this.epoch, news.epoch);
    if (!current || (this.state !== 'active' && this.state !== 'unknown')) return;
    this.become('broken', news.detectedBy, news.reason);
    this.providerStatus = news.status;
    this.lastCheckedAt = news.detectedAt;
  }

  /** What a fresh read said. It may raise doubt, or end it, but never breaks: that is the auditor's to tell. True: it works again. */
  observe(account: { status: string; reason: string | null; usable: boolean }, by: Detector, at: Date): boolean {
    this.providerStatus = account.status;
    this.lastCheckedAt = at;
    if (account.usable) {
      const healed = this.state === 'broken' || this.state === 'unknown';
      if (healed) this.become('active', by);
      return healed;
    }
    if (this.state === 'active') this.become('unknown', by, account.reason);
    return false;
  }

  /** Changes with what its user may change. */
  tag(): string {
    const text = JSON.stringify([this.alias, this.isDefault]);
    return `"${createHash('sha256').update(text).digest('base64url').slice(0, 16)}"`;
  }

  private become(state: ConnectionState, by: Detector, reason: string | null = null): void {
    this.state = state;
    this.changedBy = by;
    this.reason = reason;
  }
}
schema.setClass(Connection);
