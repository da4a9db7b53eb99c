import helmet from '@fastify/helmet';
import type { StartOptions } from '@gatehouse/runtime';
import type { FastifyInstance } from 'fastify';
import { tooMany, Window } from './access/limits.js';
import type { GatewayConfig } from './config.js';
import { serveWeb } from './pages/web.js';

const MINUTE_MS = 60_000;
const SECOND_MS = 1_000;
const HEALTH = new Set(['/livez', '/readyz', '/metrics']);

/** What holds for every request before any route: headers, limits by address, and bodies kept as the bytes that came. */
export function http(config: GatewayConfig): StartOptions {
  return {
    rawBody: true,
    fastify: async (instance) => {
      // JSON and forms are Nest's; all else is passed on unread.
      instance.removeAllContentTypeParsers();
      instance.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
      limitAddresses(instance, config);
      await instance.register(helmet, headers(config));
      await serveWeb(instance, config);
    },
  };
}

function limitAddresses(instance: FastifyInstance, config: GatewayConfig): void {
  const addresses = new Window(config.RATE_LIMIT_ADDRESS_PER_MINUTE, MINUTE_MS);
  const webhooks = new Window(config.RATE_LIMIT_WEBHOOKS_PER_SECOND, SECOND_MS);
  instance.addHook('onRequest', async ({ url, ip }) => {
    const path = url.split('?', 1)[0] ?? '';
    if (HEALTH.has(path)) return;
    // Composio's deliveries come from few addresses; they have a limit of their own.
    const wait = path.startsWith('/webhooks/') ? webhooks.take('webhooks') : addresses.take(ip);
    if (wait) throw tooMany(wait);
  });
}

/** Our own pages are plain forms. A page that an app makes brings its own policy (`forward.ts` lets it win). */
function headers(config: GatewayConfig) {
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
      },
    },
    crossOriginOpenerPolicy: { policy: 'same-origin-allow-popups' as const }, // consent pages open as popups
    referrerPolicy: { policy: 'no-referrer' as const },
    strictTransportSecurity: config.PUBLIC_URL.startsWith('https:') && { maxAge: 31_536_000, includeSubDomains: true },
  };
}
