import { messagingEnv } from '@gatehouse/messaging';
import { databaseEnv } from '@gatehouse/persistence';
import { readEnv } from '@gatehouse/runtime';
import { z } from 'zod';

export const config = readEnv('notifier', {
  ...databaseEnv,
  ...messagingEnv,
  SMTP_URL: z.url({ protocol: /^smtps?$/ }),
  MAIL_FROM: z.string().default('Gatehouse <no-reply@localhost>'),
  /** E-mails of one user within this window are one e-mail, for users who chose nothing else. 0 sends each at once. */
  DIGEST_MINUTES: z.coerce.number().int().min(0).max(1440).default(15),
  /** How long an approval waits in the inbox before an e-mail says so. */
  APPROVAL_EMAIL_MINUTES: z.coerce.number().int().min(0).max(1440).default(10),
  /** How long a message stays in the inbox. Not less than events may come again for. */
  NOTIFICATIONS_KEPT_DAYS: z.coerce.number().int().min(45).default(180),
  /** Off: nothing is sent by itself, a test moves the worker. */
  SCHEDULE: z.enum(['on', 'off']).default('on'),
});
export type Config = typeof config;
