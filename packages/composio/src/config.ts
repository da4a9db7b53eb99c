import { z } from 'zod';

const perMinute = (fallback: number) => z.coerce.number().int().min(1).max(100_000).default(fallback);

/** `slack=ac_…,gmail=ac_…`: which auth config (legacy driver: integration) an app uses. Others use the only enabled one of the app. */
const authConfigs = z
  .string()
  .regex(/^[a-z0-9_-]+=[\w-]+(,[a-z0-9_-]+=[\w-]+)*$/, 'looks like "slack=ac_1,gmail=ac_2"')
  .transform((text) => new Map(text.split(',').map((pair) => pair.split('=') as [string, string])));

/** The part of an app's environment that is about Composio, to be spread into the shape given to `readEnv`. */
export const composioEnv = {
  COMPOSIO_DRIVER: z.enum(['core', 'legacy']).default('core'),
  COMPOSIO_BASE_URL: z
    .url({ protocol: /^https?$/ })
    .refine((url) => !/\/api(\/|$)/.test(url), 'must end before "/api": the SDKs add it')
    .default('https://backend.composio.dev'),
  COMPOSIO_API_KEY: z.string().min(1),
  COMPOSIO_AUTH_CONFIGS: authConfigs.optional(),
  /** This process's share of the organisation's limit, per budget. */
  COMPOSIO_RUNS_CALLS_PER_MINUTE: perMinute(900),
  COMPOSIO_INTERACTIVE_CALLS_PER_MINUTE: perMinute(300),
  COMPOSIO_SWEEP_CALLS_PER_MINUTE: perMinute(200),
  /** The SDKs read it from the environment themselves: without it the legacy one sends the API key and tool arguments to a third party. */
  TELEMETRY_DISABLED: z.literal('true', 'must be "true": the Composio SDKs send keys and arguments elsewhere without it'),
};

export type ComposioConfig = z.output<z.ZodObject<typeof composioEnv>>;
