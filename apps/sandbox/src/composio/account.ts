import { createHash, randomBytes, randomUUID } from 'node:crypto';

export const STATUSES = ['INITIALIZING', 'INITIATED', 'ACTIVE', 'FAILED', 'EXPIRED', 'INACTIVE', 'REVOKED'] as const;
export type Status = (typeof STATUSES)[number];

/** A connected account. Times are milliseconds since 1970 on the clock of its project. */
export interface Account {
  id: string;
  uuid: string;
  owner: string;
  app: string;
  authConfigId: string;
  status: Status;
  statusReason: string | null;
  isDisabled: boolean;
  sharing: 'PRIVATE' | 'SHARED';
  providerHealth: 'ok' | 'refuse' | 'limit';
  /** The person at the provider, as chosen on the consent page. */
  identity: string;
  alias: string | null;
  callbackUrl: string | null;
  via: 'link' | 'initiate' | 'legacy' | 'seed' | 'generated';
  deleted: boolean;
  /** When an attempt that is not finished ends by itself. */
  unfinishedUntil: number;
  createdAt: number;
  updatedAt: number;
}

/** How long an attempt to connect, and a `session_uri`, live. */
export const ATTEMPT_MS = 10 * 60_000;

export const isUnfinished = (account: Account): boolean => account.status === 'INITIALIZING' || account.status === 'INITIATED';

export const shortId = (prefix: string): string => `${prefix}_${randomBytes(9).toString('base64url').replace(/[-_]/g, 'x')}`;

/** The same words give the same id, so that ids of configuration survive a restart. */
export function stableUuid(...words: string[]): string {
  const hex = createHash('sha256').update(words.join('\n')).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A string that only this owner's reads contain: seen with anybody else, it is a leak. */
export const canaryOf = (project: string, owner: string): string =>
  `canary-${createHash('sha256').update(`${project}\n${owner}`).digest('hex').slice(0, 16)}`;

export function newAccount(given: Pick<Account, 'owner' | 'app' | 'authConfigId' | 'via'> & Partial<Account>, now: number): Account {
  return {
    id: given.id ?? shortId('ca'),
    uuid: given.uuid ?? randomUUID(),
    status: 'INITIALIZING',
    statusReason: null,
    isDisabled: false,
    sharing: 'PRIVATE',
    providerHealth: 'ok',
    identity: 'work@example.com',
    alias: null,
    callbackUrl: null,
    deleted: false,
    unfinishedUntil: (given.createdAt ?? now) + ATTEMPT_MS,
    createdAt: now,
    updatedAt: now,
    ...given,
  };
}
