import type { Issuer } from '../issuer.js';
import { type Answer, Person } from '../person.js';
import type { Provider } from '../provider.js';
import { holds, until } from '../until.js';
import type { Upstream } from '../upstream.js';
import type { Watcher } from '../watcher.js';

export interface Stage {
  gateway: string;
  upstream: Upstream;
  watcher: Watcher;
  issuer: Issuer;
  provider: Provider;
  ana: Person;
  ben: Person;
  /** Says a line of the story. */
  tell(line: string): void;
}

export interface Run {
  id: string;
  state: string;
  waitingFor: { kind: string; blockers: { message: string }[]; approvalId: string | null } | null;
  output: string | null;
  error: { code: string; message: string } | null;
}

/** A user of the product's: its own sign-in vouches for them. */
export const productUser = (gateway: string, issuer: Issuer, id: string, name: string): Person =>
  new Person({ id, name, email: `${name.toLowerCase()}@example.com`, gateway, bearer: () => issuer.token(id) });

export function expectStatus<T>(answer: Answer<T>, status: number, what: string): T {
  holds(answer.status === status, `${what}: expected ${status}, got ${answer.status} ${JSON.stringify(answer.body).slice(0, 400)}`);
  return answer.body;
}

export async function runIn(person: Person, id: string, state: string, kind?: string): Promise<Run> {
  return until(`${person.name}'s run is ${state}${kind ? ` and waits for the ${kind}` : ''}`, async () => {
    const run = expectStatus(await person.get<Run>(`/v1/runs/${id}`), 200, 'reading a run');
    if (run.state === 'failed' && state !== 'failed') throw new Error(`the run failed: ${JSON.stringify(run.error)}`);
    return run.state === state && (!kind || run.waitingFor?.kind === kind) && run;
  });
}

/** The whole way of connecting, as a person goes it: link, consent at the provider, back, and the account is theirs. Returns the connection's id. */
export async function connect({ provider }: Stage, person: Person, path: string, body: unknown = {}): Promise<string> {
  const attempt = expectStatus(await person.post<{ id: string; connectUrl: string }>(path, body), 201, 'asking to connect');
  const back = await provider.consent(attempt.connectUrl);
  const sessionUri = back.searchParams.get('session_uri');
  holds(sessionUri, 'the browser comes back with a session_uri');
  const connection = expectStatus(await person.post<{ id: string }>('/v1/connections/complete', { sessionUri }), 200, 'coming back');
  holds(connection.id === attempt.id, 'the browser comes back to the connection it left for');
  await until(`${person.name}'s connection is active`, async () => {
    const { status } = expectStatus(await person.get<{ status: string }>(`/v1/connections/${attempt.id}`), 200, 'reading the connection');
    return status === 'active';
  });
  return attempt.id;
}

/** The one approval that waits, approved by its person. */
export async function approve(person: Person, runId: string): Promise<void> {
  const run = await runIn(person, runId, 'parked', 'approval');
  const waiting = expectStatus(await person.get<{ data: { id: string; runId: string }[] }>('/v1/approvals'), 200, 'reading approvals').data;
  const mine = waiting.filter((approval) => approval.runId === runId);
  const [only] = mine;
  holds(only && mine.length === 1 && only.id === run.waitingFor?.approvalId, 'exactly one approval waits for this run');
  expectStatus(await person.post(`/v1/approvals/${only.id}/decision`, { decision: 'approve' }), 200, 'approving');
}
