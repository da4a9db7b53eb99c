/** Names that our services read (design.md section 11). A stack decides them itself; the machine's own must not slip in. */
const OURS =
  /^(PORT|HOST|NODE_ENV|LOG_LEVEL|SESSION_KEYS|SCHEDULE|TELEMETRY_DISABLED|DIGEST_MINUTES|\w+_URL|(DATABASE|MIGRATION|KAFKA|COMPOSIO|OPENAI|SMTP|MAIL|AUTH|OIDC|INTERNAL|OPERATOR|PRODUCT|CONNECT|RATE|RUNS?|SWEEP|RECONCILE|AGENTS|APPROVAL|BLAST|SANDBOX|WEB|LOGO|TEST)_\w+)$/;

/** What a stack sets by itself, so that nobody's environment can contradict it. */
const FIXED =
  /^(PORT|HOST|NODE_ENV|SESSION_KEYS|TELEMETRY_DISABLED|\w+_URL|(DATABASE|MIGRATION|INTERNAL|SANDBOX|TEST)_\w+|KAFKA_BROKERS|SMTP_PORT)$/;

type Environment = Readonly<Record<string, string | undefined>>;

/** The machine's environment (PATH, HOME, proxies, certificates …) without any setting of ours. */
export const machineEnv = (): Record<string, string> => pick(process.env, (name) => !OURS.test(name));

/** The settings in `env` that a person may change in a local stack, such as SWEEP_INTERVAL_SECONDS. */
export const tuning = (env: Environment): Record<string, string> => pick(env, (name) => OURS.test(name) && !FIXED.test(name));

function pick(env: Environment, wanted: (name: string) => boolean): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== '' && wanted(entry[0])),
  );
}
