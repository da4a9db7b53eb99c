import { Person } from '../person.js';
import { holds, until } from '../until.js';
/** A user of the product's: its own sign-in vouches for them. */
export const productUser = (gateway, issuer, id, name) =>
  new Person({ id, name, email: `${name.toLowerCase()}@example.com`, gateway, bearer: () => issuer.token(id) });
export function expectStatus(answer, status, what) {
  holds(answer.status === status, `${what}: expected ${status}, got ${answer.status} ${JSON.stringify(answer.body).slice(0, 400)}`);
  return answer.body;
}
export async function runIn(person, id, state, kind) {
  return until(`${person.name}'s run is ${state}${kind ? ` and waits for the ${kind}` : ''}`, async () => {
    const run = expectStatus(await person.get(`/v1/runs/${id}`), 200, 'reading a run');
    if (run.state === 'failed' && state !== 'failed') throw new Error(`the run failed: ${JSON.stringify(run.error)}`);
    return run.state === state && (!kind || run.waitingFor?.kind === kind) && run;
  });
}
/** The whole way of connecting, as a person goes it: link, consent at the provider, back, and the account is theirs. Returns the connection's id. */
export async function connect({ provider }, person, path, body = {}) {
  const attempt = expectStatus(await person.post(path, body), 201, 'asking to connect');
  const back = await provider.consent(attempt.connectUrl);
  const sessionUri = back.searchParams.get('session_uri');
  holds(sessionUri, 'the browser comes back with a session_uri');
  await until(
    `${person.name} is back and the connection is active`,
    async () => {
      const { status, body: connection } = await person.post('/v1/connections/complete', { sessionUri });
      if (status !== 200) throw new Error(`completing was answered ${status} ${JSON.stringify(connection)}`);
      return connection.status === 'active' && connection.id === attempt.id;
    },
    5,
  );
  return attempt.id;
}
/** The one approval that waits, approved by its person. */
export async function approve(person, runId) {
  const run = await runIn(person, runId, 'parked', 'approval');
  const waiting = expectStatus(await person.get('/v1/approvals'), 200, 'reading approvals').data;
  const mine = waiting.filter((approval) => approval.runId === runId);
  const [only] = mine;
  holds(only && mine.length === 1 && only.id === run.waitingFor?.approvalId, 'exactly one approval waits for this run');
  expectStatus(await person.post(`/v1/approvals/${only.id}/decision`, { decision: 'approve' }), 200, 'approving');
}
//# sourceMappingURL=stage.js.map
