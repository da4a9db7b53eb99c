import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type BaseConfig, createApp, InternalTokens, type Principal } from '@gatehouse/runtime';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { anIssuer, type TestIssuer } from './issuer.js';

type Handler = (seen: Seen, response: ServerResponse) => void | Promise<void>;

/** A request as an app behind the gateway sees it. */
export interface Seen {
  app: string;
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
  /** From the internal token, checked as that app checks it. */
  principal: Principal;
}

export interface Stand {
  app: NestFastifyApplication;
  url: string;
  origin: string;
  issuer: TestIssuer;
  seen: Seen[];
  /** What the apps behind answer from now on; `{}` by default. */
  answer(handler: Handler): void;
  fetch(path: string, init?: RequestInit & { as?: string | undefined }): Promise<Response>;
  /** Stops the apps behind, as if they were down. */
  cutOff(): Promise<void>;
  close(): Promise<void>;
}

const APPS = ['identity', 'connections', 'agent-runner', 'auditor', 'notifier'] as const;
const ORIGIN = 'http://localhost:3000';

/** The gateway with its real modules, an issuer, and one small server that stands for all apps behind it. */
export async function aStand(env: Record<string, string> = {}): Promise<Stand> {
  const issuer = await anIssuer(ORIGIN);
  const seen: Seen[] = [];
  let handler: Handler = (_, response) => void response.setHeader('content-type', 'application/json').end('{}');
  const server = createServer((request, response) => void take(request, response, seen).then((one) => handler(one, response)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  for (const app of APPS) process.env[`${app.toUpperCase().replace('-', '_')}_URL`] = `http://127.0.0.1:${port}`;
  Object.assign(process.env, { AUTH_JWKS_URL: issuer.jwksUrl, ...env });
  const [{ AppModule }, { config }, { http }] = await Promise.all([
    import('../src/app.module.js'),
    import('../src/config.js'),
    import('../src/http.js'),
  ]);
  const app = await createApp(AppModule, config, http(config));
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  const cutOff = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return {
    app,
    url,
    origin: ORIGIN,
    issuer,
    seen,
    answer: (next) => {
      handler = next;
    },
    fetch: async (path, { as, headers, ...init } = {}) => {
      const token = as === undefined ? undefined : await issuer.token({ sub: as });
      return fetch(`${url}${path}`, {
        redirect: 'manual',
        ...init,
        headers: { ...(token && { authorization: `Bearer ${token}` }), ...(headers as object) },
      });
    },
    cutOff,
    close: async () => {
      await app.close();
      await Promise.all([cutOff(), issuer.close()]);
    },
  };
}

/** One server plays all apps, so the token says whom it was for: each app's own check is tried. */
async function take(request: IncomingMessage, response: ServerResponse, seen: Seen[]): Promise<Seen> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const token = String(request.headers['x-gatehouse-identity']);
  const { aud } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { aud: (typeof APPS)[number] };
  const keys = JSON.parse(process.env.INTERNAL_PUBLIC_KEYS ?? '') as NonNullable<BaseConfig['INTERNAL_PUBLIC_KEYS']>;
  const principal = await new InternalTokens({ app: aud, INTERNAL_KEY: undefined, INTERNAL_PUBLIC_KEYS: keys }).verify(token);
  const { method = '', url = '', headers } = request;
  const one = { app: aud, method, url, headers, body: Buffer.concat(chunks).toString(), principal };
  seen.push(one);
  response.on('error', () => undefined);
  return one;
}
