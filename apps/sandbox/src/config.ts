import { type Config, readEnv } from '@gatehouse/runtime';
import { z } from 'zod';

const shape = {
  /** Where the SMTP catcher listens. */
  SMTP_PORT: z.coerce.number().int().min(0).max(65_535).default(3025),
  /** A file that keeps accounts, effects and mails across restarts. Without it, nothing is kept. */
  SANDBOX_SNAPSHOT: z.string().optional(),
  /** What a browser calls this process, when that differs from what the services call it (containers). */
  SANDBOX_PUBLIC_URL: z
    .url()
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  /** Lets other machines use the control routes and the page, for containers. There is no key: never on a network with strangers. */
  SANDBOX_OPEN: z.stringbool().default(false),
};
export type SandboxConfig = Config<typeof shape>;

export const readConfig = (env = process.env): SandboxConfig => readEnv('sandbox', shape, env);
