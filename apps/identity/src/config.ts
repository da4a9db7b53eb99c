import { messagingEnv } from '@gatehouse/messaging';
import { databaseEnv } from '@gatehouse/persistence';
import { readEnv } from '@gatehouse/runtime';
import { z } from 'zod';

/** A comma list; spaces around its parts do not count, nor do empty parts. */
const list = z
  .string()
  .default('')
  .transform((text) => text.split(',').map((part) => part.trim().toLowerCase()))
  .transform((parts) => parts.filter(Boolean));

export const config = readEnv('identity', {
  ...databaseEnv,
  ...messagingEnv,
  /** The library's own pool, as the role `identity_auth`. */
  AUTH_DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
  AUTH_DATABASE_POOL: z.coerce.number().int().min(1).max(100).default(5),
  /** Signs session handles and encrypts the signing keys. A new value signs everybody out. */
  AUTH_SECRET: z.string().min(32),
  AUTH_ISSUER: z.url(),
  AUTH_AUDIENCE: z.string().min(1).default('gatehouse'),
  /** Proven addresses whose access tokens carry the role `operator`. */
  OPERATOR_EMAILS: list,
  SMTP_URL: z.url({ protocol: /^smtps?$/ }),
  MAIL_FROM: z.string().min(3).default('Gatehouse <gatehouse@localhost>'),
});
export type IdentityConfig = typeof config;
