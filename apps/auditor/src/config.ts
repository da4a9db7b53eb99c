import { composioEnv } from '@gatehouse/composio';
import { messagingEnv } from '@gatehouse/messaging';
import { databaseEnv } from '@gatehouse/persistence';
import { readEnv } from '@gatehouse/runtime';
import { z } from 'zod';

export const config = readEnv('auditor', {
  ...databaseEnv,
  ...messagingEnv,
  ...composioEnv,
  /** How often Composio is asked which accounts broke. */
  SWEEP_INTERVAL_SECONDS: z.coerce.number().int().min(1).max(86_400).default(300),
  /** Accounts a page at the most; Composio may give fewer. */
  SWEEP_PAGE_SIZE: z.coerce.number().int().min(1).max(100).default(50),
  /** How often all that is watched is compared with all that Composio has; how many of the sweep's calls that may take; whether it repairs what it may. */
  RECONCILE_INTERVAL_SECONDS: z.coerce.number().int().min(60).max(2_592_000).default(86_400),
  RECONCILE_CALLS_PER_SECOND: z.coerce.number().int().min(1).max(100).default(2),
  RECONCILE_FIX: z.enum(['on', 'off']).default('off'),
  /** Breaks of one app within an hour beyond which they are held for an operator: the greater of a number and a share of its active connections. */
  BLAST_RADIUS_CONNECTIONS: z.coerce.number().int().min(1).default(20),
  BLAST_RADIUS_SHARE: z.coerce.number().min(0).max(1).default(0.05),
  /** Secrets that Composio's webhooks may be signed with, comma-separated: the current one and, during a rotation, the next. */
  COMPOSIO_WEBHOOK_SECRETS: z
    .string()
    .default('')
    .transform((list) => list.split(',').filter(Boolean)),
  /** Off: nothing happens by itself, a test moves the worker. */
  SCHEDULE: z.enum(['on', 'off']).default('on'),
});
export type Config = typeof config;
