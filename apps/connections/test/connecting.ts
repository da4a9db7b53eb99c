import { randomUUID } from 'node:crypto';
import type { ConnectAttempt, ConnectionView } from '@gatehouse/contracts';
import { type Acting, type BaseConfig, INTERNAL_HEADER, InternalTokens } from '@gatehouse/runtime';
import { sandboxControl, type TestApp } from '@gatehouse/testing';

/** The sandbox sends returning browsers to our verifier, as a project in production does. */
export const verify = () => sandboxControl.put('project', { verifierUrl: 'http://localhost:3000/connect/verify' });

export const aUser = (name = 'user') => `${name}_${randomUUID()}`;

/** A click on Connect. */
export async function click(app: TestApp, userId: string, toolkit = 'slack', alias?: string): Promise<ConnectAttempt> {
  const { status, body } = await app.as(userId).post('/v1/connections', { app: toolkit, ...(alias && { alias }) });
  if (status !== 201) throw new Error(`connect answered ${status} ${JSON.stringify(body)}`);
  return body as ConnectAttempt;
}

/** What the person does at the provider; returns the session that their browser brings back. */
export async function consent(connectUrl: string, decision = 'allow', identity?: string): Promise<string> {
  const page = await fetch(connectUrl); // the legacy flow redirects to it
  if (page.status !== 200) throw new Error(`the connect page answered ${page.status}`);
  const answer = await fetch(`${page.url}/decide`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ decision, identity }),
  });
  return new URL(answer.headers.get('location') ?? 'about:blank').searchParams.get('session_uri') ?? '';
}

/** Click, consent, return. */
export async function connect(app: TestApp, userId: string, toolkit = 'slack', alias?: string): Promise<ConnectionView> {
  const { connectUrl } = await click(app, userId, toolkit, alias);
  const { status, body } = await app.as(userId).post('/v1/connections/complete', { sessionUri: await consent(connectUrl) });
  if (status !== 200) throw new Error(`complete answered ${status} ${JSON.stringify(body)}`);
  return body as ConnectionView;
}

export interface SandboxRequest {
  method: string;
  path: string;
  status: number;
  userIdSent: string | null;
  accountOwner: string | null;
}

export async function requests(match: (request: SandboxRequest) => boolean): Promise<SandboxRequest[]> {
  const { items } = await sandboxControl.get<{ items: SandboxRequest[] }>('requests');
  return items.filter(match);
}

/** What the gateway adds to a request that is no JSON: the pages at /connect are asked for by browsers. */
export async function fromGateway(acting: Acting): Promise<Record<string, string>> {
  const { gateway } = JSON.parse(process.env.TEST_INTERNAL_KEYS ?? '{}') as { gateway: BaseConfig['INTERNAL_KEY'] };
  const tokens = new InternalTokens({ app: 'gateway', INTERNAL_KEY: gateway, INTERNAL_PUBLIC_KEYS: undefined });
  return { [INTERNAL_HEADER]: await tokens.sign('connections', acting) };
}
