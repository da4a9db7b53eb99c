import { type FaultSubject, Faults, faultRule } from './faults.js';

const aRequest = (more: Partial<FaultSubject> = {}): FaultSubject => ({
  method: 'POST',
  path: '/api/v3.1/tools/execute/SLACK_SEND_MESSAGE',
  owner: 'ana',
  accountOwner: 'ana',
  app: 'slack',
  account: 'ca_1',
  tool: 'SLACK_SEND_MESSAGE',
  key: 'all',
  ...more,
});
const faults = (rule: object) => {
  const made = new Faults();
  made.add(faultRule.parse({ effect: { status: 503 }, ...rule }));
  return made;
};
const hits = (made: Faults, requests: FaultSubject[], now = 0) => requests.map((request) => made.hit(request, now) !== undefined);

describe('a fault', () => {
  it.each<[object, Partial<FaultSubject>]>([
    [{ app: 'slack' }, { app: 'gmail' }],
    [{ owner: 'ana' }, { owner: 'ben', accountOwner: 'ben' }],
    [{ tool: 'SLACK_SEND_MESSAGE' }, { tool: 'SLACK_TEST_AUTH' }],
    [{ account: 'ca_1' }, { account: 'ca_2' }],
    [{ method: 'post' }, { method: 'GET' }],
    [{ path: '/tools/' }, { path: '/api/v3.1/connected_accounts' }],
    [{ key: 'all' }, { key: 'runner' }],
  ])('of %j hits that and nothing else', (match, other) => {
    expect(hits(faults({ match }), [aRequest(), aRequest(other)])).toEqual([true, false]);
  });

  it('of a user hits whoever uses their account, too', () => {
    expect(hits(faults({ match: { owner: 'ana' } }), [aRequest({ owner: null }), aRequest({ owner: 'ben' })])).toEqual([true, true]);
  });

  it('ends after its times, and at its hour', () => {
    expect(hits(faults({ times: 2 }), [aRequest(), aRequest(), aRequest()])).toEqual([true, true, false]);
    const until = faults({ until: '2026-11-21T00:00:00Z' });
    expect(hits(until, [aRequest()], Date.parse('2026-11-20T23:59:59Z'))).toEqual([true]);
    expect(hits(until, [aRequest()], Date.parse('2026-11-21T00:00:00Z'))).toEqual([false]);
  });

  it('with a probability hits that share, and the same ones for the same seed', () => {
    const requests = Array.from({ length: 1_000 }, () => aRequest());
    const run = (seed: number) => hits(faults({ probability: 0.3, seed }), requests);
    const share = run(1).filter(Boolean).length;
    expect(share).toBeGreaterThan(250);
    expect(share).toBeLessThan(350);
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
  });
});
