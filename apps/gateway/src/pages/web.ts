import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import type { GatewayConfig } from '../config.js';
import { upstreamOf } from '../forward/upstreams.js';

const NONCE = '__CSP_NONCE__';
/** A foreign product's page that embeds ours. */
const EXAMPLE = '/example';
const BUILT_HERE = fileURLToPath(import.meta.url.replace(/\/apps\/gateway\/.*$/, '/apps/web/dist'));
/** Pages of the web app below `/auth`; the rest there is for scripts and forms. */
const SIGN_IN_PAGES = new Set(['/auth/sign-in', '/auth/sign-up', '/auth/forgotten', '/auth/verify', '/auth/reset']);
const OTHERS = /^\/(v1|auth|connect|webhooks)(\/|$)|^\/(livez|readyz|metrics)$|\.\w+$/;

type ServeConfig = Pick<GatewayConfig, 'WEB_DIR' | 'LOGO_ORIGIN' | 'AUTH_MODE'>;

/** Serves the built web app: its files, and its one page at every address that is nobody else's, but for the example of an embed. Without a build nothing changes. */
export async function serveWeb(instance: FastifyInstance, { WEB_DIR = BUILT_HERE, LOGO_ORIGIN, AUTH_MODE }: ServeConfig): Promise<void> {
  const [page, example] = ['index.html', 'example.html'].map((name) => {
    const file = join(WEB_DIR, name);
    return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  });
  if (!page) return;
  await instance.register(fastifyStatic, {
    root: WEB_DIR,
    wildcard: false,
    index: false,
    preCompressed: true,
    globIgnore: ['**/*.html', '**/*.br', '**/*.gz'],
    cacheControl: false,
    setHeaders: (response, path) => {
      const hashed = path.includes(`${sep}assets${sep}`);
      void response.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
  instance.addHook('onRequest', async ({ method, url, headers }, reply) => {
    const asked = { method, path: url.split('?', 1)[0] ?? '', accept: headers.accept };
    if (!isPage(asked, AUTH_MODE)) return;
    const nonce = randomBytes(16).toString('base64');
    return reply
      .headers({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'content-security-policy': policy(nonce, LOGO_ORIGIN),
      })
      .send((asked.path === EXAMPLE && example ? example : page).replaceAll(NONCE, nonce));
  });
}

interface Asked {
  method: string;
  path: string;
  accept: string | undefined;
}

/** Whether a browser asks for a page of the web app. With a provider of its own, `/auth/sign-in` leads there. */
export function isPage({ method, path, accept = '' }: Asked, mode: GatewayConfig['AUTH_MODE']): boolean {
  if ((method !== 'GET' && method !== 'HEAD') || !accept.includes('text/html')) return false;
  if (SIGN_IN_PAGES.has(path)) return mode === 'builtin';
  return !OTHERS.test(path) && !upstreamOf(method, path);
}

/** Styles that a script writes carry the nonce; no inline script and no inline style attribute in HTML is allowed. */
function policy(nonce: string, logos: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    `img-src 'self' data: ${new URL(logos).origin}`,
    "connect-src 'self'",
    "font-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
