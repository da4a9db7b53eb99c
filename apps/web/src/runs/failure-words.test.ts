import { failureWords } from './failure-words.js';

describe('why a run failed', () => {
  it('is said by its code, never in words from elsewhere', () => {
    expect(failureWords({ code: 'model_refused', message: 'anything' })).toEqual({ id: 'run.failed.model', values: {} });
    expect(failureWords({ code: 'brand_new', message: 'anything' }).id).toBe('run.failed.ours');
    expect(failureWords(null).id).toBe('run.failed.ours');
  });

  it('names the limit that was reached, as far as it is known', () => {
    const limit = (message: string) => failureWords({ code: 'limit_reached', message });
    expect(limit('Stopped after 25 actions, the limit for one run.')).toEqual({ id: 'run.failed.limit-actions', values: { count: 25 } });
    expect(limit('Stopped after 200,000 tokens, the limit for one run.')).toEqual({
      id: 'run.failed.limit-tokens',
      values: { count: 200_000 },
    });
    expect(limit('Stopped: more than 5 actions waited for you at once.').id).toBe('run.failed.limit-waiting');
    expect(limit('Stopped after 25 actions that are not allowed, the limit for one run.').id).toBe('run.failed.limit-refused');
    expect(limit('A new one.').id).toBe('run.failed.limit');
  });
});
