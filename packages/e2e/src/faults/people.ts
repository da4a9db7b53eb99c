import { randomUUID } from 'node:crypto';
import type { Stack } from '@gatehouse/local';
import type { Issuer } from '../issuer.js';
import { Person } from '../person.js';
import { Provider } from '../provider.js';
import { until } from '../until.js';
import { Upstream } from '../upstream.js';

/** Somebody whose Slack is connected. */
export interface Connected {
  readonly id: string;
  readonly connectionId: string;
  /** At the next gateway, as a load balancer would have it. */
  readonly at: () => Person;
}

/** People of the product's who connect Slack the way a person does, before there is any trouble. */
export async function connectPeople(stack: Stack, gateways: readonly string[], issuer: Issuer, count: number): Promise<Connected[]> {
  const upstream = await Upstream.connect(stack.brokers);
  try {
    const people = Array.from({ length: count }, () => `person-${randomUUID()}`);
    for (const userId of people) await upstream.publish({ type: 'user.created', data: { userId, email: `${userId}@example.com` } });
    const connected: Connected[] = [];
    // A few at a time: links are limited per user and per machine.
    for (let i = 0; i < people.length; i += 4) {
      connected.push(...(await Promise.all(people.slice(i, i + 4).map((id) => connectOne(stack, gateways, issuer, id)))));
    }
    return connected;
  } finally {
    await upstream.close();
  }
}

async function connectOne(stack: Stack, gateways: readonly string[], issuer: Issuer, id: string): Promise<Connected> {
  let turn = Math.floor(Math.random() * gateways.length);
  const at = () => {
    const gateway = gateways[turn++ % gateways.length] ?? '';
    return new Person({ id, name: id, email: `${id}@example.com`, gateway, bearer: () => issuer.token(id) });
  };
  const provider = new Provider(stack.urls.sandbox ?? '');
  const attempt = await until(`${id} may connect`, async () => {
    const { status, body } = await at().post<{ id: string; connectUrl: string }>('/v1/connections', { app: 'slack' });
    return status === 201 && body;
  });
  const back = await provider.consent(attempt.connectUrl);
  await at().post('/v1/connections/complete', { sessionUri: back.searchParams.get('session_uri') });
  await until(`the connection of ${id} is active`, async () => {
    const { body } = await at().get<{ status: string }>(`/v1/connections/${attempt.id}`);
    return body.status === 'active';
  });
  return { id, connectionId: attempt.id, at };
}
