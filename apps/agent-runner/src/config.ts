import { composioEnv } from '@gatehouse/composio';
import { messagingEnv } from '@gatehouse/messaging';
import { databaseEnv } from '@gatehouse/persistence';
import { readEnv } from '@gatehouse/runtime';
import { z } from 'zod';

export const config = readEnv('agent-runner', {
  ...databaseEnv,
  ...messagingEnv,
  ...composioEnv,
  CONNECTIONS_URL: z.url(),
  OPENAI_BASE_URL: z.url().default('https://api.openai.com/v1'),
  OPENAI_API_KEY: z.string().min(1),
  /** A model that says nothing for so long, from the start or between two words, is given up for now. */
  MODEL_SILENCE_SECONDS: z.coerce.number().min(0.1).max(600).default(60),
  AGENTS_DIR: z.string().min(1).optional(),
  RUNS_AT_ONCE: z.coerce.number().int().min(1).max(100).default(8),
  RUNS_PER_USER: z.coerce.number().int().min(1).max(100).default(3),
  /** How long a claim holds without a renewal, by the database's clock: so long a run waits after its worker died. Renewed three times as often. */
  RUN_LEASE_SECONDS: z.coerce.number().min(1).max(600).default(30),
  RUNS_PER_DAY: z.coerce.number().int().min(1).default(200),
  /** How long a run that ended is kept, with its timeline, tool calls and approvals. Not less than its request may come again for. */
  RUNS_KEPT_DAYS: z.coerce.number().int().min(45).default(90),
  /** How long the log of decisions is kept, at least: a run's decisions outlast the run. */
  DECISIONS_KEPT_DAYS: z.coerce.number().int().min(45).default(400),
  /** How often an idle worker looks for runs. 0: it does not look by itself, somebody calls `tick`. */
  RUNS_POLL_MS: z.coerce.number().int().min(0).default(250),
});

export type Config = typeof config;
