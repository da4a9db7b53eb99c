import { RateLimited } from '../errors.js';
import { Budgets } from './budgets.js';

let now = 0;
const budgets = (runs = 60) => new Budgets({ runs, interactive: 600, sweep: 600 }, () => now);
const headers = (given: Record<string, string>) => ({ get: (name: string) => given[name] ?? null });

beforeEach(() => {
  now = 1_000_000;
});

describe('the budgets', () => {
  it('let a burst through, then one call at a time, and say how long to wait', () => {
    const calls = budgets(60);
    for (let burst = 0; burst < 10; burst += 1) calls.take('runs');
    expect(() => calls.take('runs')).toThrow(expect.objectContaining({ origin: 'ours', retryAfterMs: 1_000, executed: 'no' }));
    now += 1_000;
    calls.take('runs');
    expect(() => calls.take('runs')).toThrow(RateLimited);
  });

  it('are apart: a sweep that used up its own leaves the others theirs', () => {
    const calls = budgets();
    expect(() => {
      for (;;) calls.take('sweep');
    }).toThrow(RateLimited);
    calls.take('interactive');
  });

  it('are all closed by a 429 for as long as it says', () => {
    const calls = budgets();
    expect(calls.refused(headers({ 'retry-after': '7' }))).toBe(7_000);
    for (const budget of ['runs', 'interactive', 'sweep'] as const) expect(() => calls.take(budget)).toThrow(RateLimited);
    now += 7_000;
    calls.take('runs');
    expect(() => calls.take('runs')).toThrow(RateLimited); // emptied, not only paused
  });

  it('wait five seconds, doubling to sixty, where a 429 does not say', () => {
    const calls = budgets();
    expect([1, 2, 3, 4, 5, 6].map(() => calls.refused(headers({})))).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000]);
    calls.answered(headers({}));
    expect(calls.refused(headers({}))).toBe(5_000);
  });

  it('stop the sweep while the organisation has little left, and nobody else', () => {
    const calls = budgets();
    calls.answered(headers({ 'x-ratelimit': '100', 'x-ratelimit-remaining': '29', 'x-ratelimit-window-size': '60s' }));
    expect(() => calls.take('sweep')).toThrow(expect.objectContaining({ retryAfterMs: 60_000 }));
    calls.take('runs');
    calls.answered(headers({ 'x-ratelimit': '100', 'x-ratelimit-remaining': '30' }));
    calls.take('sweep');
  });
});
