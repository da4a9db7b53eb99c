import type { Surroundings } from './app-env.ts';
import type { SideDoor } from './kafka.ts';
import type { Ports } from './ports.ts';
import { APPS, type App, type Secrets } from './secrets.ts';

/** The sandbox's Composio project and model account of a local stack. */
export const LOCAL_PROJECT = 'local';

/** Ports of this machine to which the services are sent, and for the broker the port to which that one passes bytes on. */
export interface Between {
  readonly postgres: number;
  readonly sandbox: number;
  readonly kafka: SideDoor;
}

interface Known {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly ports: Ports;
  readonly secrets: Secrets;
  readonly adminUrl: string;
  readonly brokers: string;
  readonly between?: Between | undefined;
}

/** What the services of a local stack are told of each other and of what they lean on. */
export function surroundings({ env, ports, secrets, adminUrl, brokers, between }: Known): Surroundings {
  const sandbox = `http://127.0.0.1:${between?.sandbox ?? ports.sandbox}`;
  const key = `emu_${LOCAL_PROJECT}`;
  const { COMPOSIO_API_KEY, COMPOSIO_BASE_URL, COMPOSIO_WEBHOOK_SECRETS, OPENAI_API_KEY, OPENAI_BASE_URL } = env;
  return {
    adminUrl: between ? withPort(adminUrl, between.postgres) : adminUrl,
    brokers: between ? `127.0.0.1:${between.kafka.advertised}` : brokers,
    secrets,
    urls: { ...(Object.fromEntries(APPS.map((app) => [app, `http://127.0.0.1:${ports[app]}`])) as Record<App, string>), sandbox },
    publicUrl: `http://localhost:${ports.gateway}`,
    composio: COMPOSIO_API_KEY
      ? {
          apiKey: COMPOSIO_API_KEY,
          ...(COMPOSIO_BASE_URL && { baseUrl: COMPOSIO_BASE_URL }),
          ...(COMPOSIO_WEBHOOK_SECRETS && { webhookSecrets: COMPOSIO_WEBHOOK_SECRETS }),
          verifier: env.CONNECT_VERIFIER === 'true',
        }
      : { apiKey: key, baseUrl: sandbox, webhookSecrets: secrets.webhookSecret, verifier: true },
    model: OPENAI_API_KEY
      ? { apiKey: OPENAI_API_KEY, ...(OPENAI_BASE_URL && { baseUrl: OPENAI_BASE_URL }) }
      : { apiKey: key, baseUrl: `${sandbox}/openai/v1` },
    smtpUrl: env.SMTP_URL || `smtp://127.0.0.1:${ports.smtp}`,
  };
}

function withPort(url: string, port: number): string {
  const changed = new URL(url);
  changed.port = String(port);
  return changed.href;
}
