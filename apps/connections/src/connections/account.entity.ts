import { ownRows } from '@gatehouse/persistence';
import { defineEntity, p } from '@mikro-orm/core';

/** How long a connect link lives, at Composio and with us. */
export const ATTEMPT_MS = 10 * 60_000;
/** An attempt that has no account after this long lost its process in the middle of asking Composio. */
export const STARTING_MS = 30_000;

/**
 * One Composio account of a connection: an attempt, the one in use, or a past one.
 * starting → pending → active → removing → removed; an attempt that comes to nothing is not_finished.
 */
const schema = defineEntity({
  name: 'Account',
  ...ownRows('connections'),
  uniques: [{ name: 'account_open_attempt_unique', properties: ['connectionId'], where: "state in ('starting', 'pending')" }],
  indexes: [
    { name: 'account_connection_index', properties: ['connectionId'] },
    { name: 'account_user_index', properties: ['userId', 'createdAt'] },
    { name: 'account_work_index', properties: ['workAt'], where: 'work_at is not null' },
    { name: 'account_not_finished_index', properties: ['expiresAt'], where: "state = 'not_finished' and work_at is null" },
  ],
  properties: {
    id: p.uuid().primary(),
    connectionId: p.uuid(),
    userId: p.string(),
    app: p.string(),
    /** Composio's id of it. Null until Composio answered. */
    accountId: p.string().nullable(),
    state: p.enum(['starting', 'pending', 'active', 'not_finished', 'removing', 'removed']).default('starting'),
    reason: p.text().nullable(),
    /** The connect link, sealed, while the attempt is fresh: a second click gets the same one. */
    sealedLink: p.text().nullable(),
    /** SHA-256 of the secret of the browser that asked. */
    browserHash: p.string().nullable(),
    expiresAt: p.datetime(),
    /** Whether its removal also asks the provider to cancel the grant; never for one that was replaced, since both may share the grant. */
    revoke: p.boolean().default(false),
    /** When a worker looks at it next; null when nothing is owed. Taking the work moves it ahead, so a crash only delays. */
    workAt: p.datetime().nullable(),
    tries: p.integer().default(0),
    createdAt: p.datetime().onCreate(() => new Date()),
  },
});

export class Account extends schema.class {
  isOpen(): boolean {
    return this.state === 'starting' || this.state === 'pending';
  }

  /** A second click gets this one. */
  fresh(now: Date): boolean {
    if (this.state === 'starting') return this.createdAt.getTime() + STARTING_MS > now.getTime();
    return this.state === 'pending' && this.expiresAt > now;
  }

  started(accountId: string, sealedLink: string, expiresAt: Date): void {
    this.state = 'pending';
    this.accountId = accountId;
    this.sealedLink = sealedLink;
    this.expiresAt = expiresAt;
    this.workAt = expiresAt;
  }

  /** It will not become active. A last look follows where there is an account: one that is ACTIVE all the same is an alarm. */
  giveUp(reason: string): void {
    this.state = 'not_finished';
    this.reason = reason;
    this.sealedLink = null;
    this.workAt = this.accountId ? new Date() : null;
    this.tries = 0;
  }

  activated(accountId: string): void {
    this.state = 'active';
    this.accountId = accountId;
    this.sealedLink = null;
    this.workAt = new Date(); // its label is still to be read
    this.tries = 0;
  }

  /** It has to go at Composio; the removals worker sees to it. */
  owe(reason: string, { revoke }: { revoke: boolean }): void {
    this.state = 'removing';
    this.reason = reason;
    this.revoke = revoke;
    this.sealedLink = null;
    this.workAt = new Date();
    this.tries = 0;
  }

  gone(): void {
    this.state = 'removed';
    this.workAt = null;
  }
}
schema.setClass(Account);
