import { NotNow } from '../queue/lease.js';
import { asOurs } from './model-errors.js';

const waitOf = (headers: Record<string, string>, status = 429) =>
  (asOurs({ status, headers: new Headers(headers) }) as NotNow).retryAfterMs;

describe('how long a model asks us to wait', () => {
  it.each([
    [{ 'retry-after-ms': '250', 'retry-after': '9' }, 250],
    [{ 'retry-after': '9' }, 9_000],
    [{ 'retry-after': '0.5' }, 500],
    [{ 'retry-after': '-3' }, 0],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'retry-after': '86400' }, 3_600_000],
    [{ 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '6m0s' }, 360_000],
    [
      {
        'x-ratelimit-remaining-requests': '0',
        'x-ratelimit-reset-requests': '20ms',
        'x-ratelimit-remaining-tokens': '0',
        'x-ratelimit-reset-tokens': '1.5s',
      },
      1_500,
    ],
    [{ 'x-ratelimit-remaining-requests': '7', 'x-ratelimit-reset-requests': '6m0s' }, undefined],
    [{}, undefined],
  ])('%j → %p ms', (headers, ms) => {
    expect(waitOf(headers as Record<string, string>)).toBe(ms);
    expect(waitOf(headers as Record<string, string>, 503)).toBe(ms);
  });

  it('may be a date', () => {
    const wait = waitOf({ 'retry-after': new Date(Date.now() + 60_000).toUTCString() });
    expect(wait).toBeGreaterThan(57_000);
    expect(wait).toBeLessThanOrEqual(60_000);
  });
});

describe('a failure of the model', () => {
  it.each([undefined, 408, 409, 500, 502, 529])('%p puts the run off', (status) => {
    expect(asOurs({ status })).toBeInstanceOf(NotNow);
  });

  it.each([401, 403, 404])('%p is ours: an operator has a minute', (status) => {
    expect(asOurs({ status })).toMatchObject({ retryAfterMs: 60_000 });
  });

  it('without credit is ours, too', () => {
    expect(asOurs({ status: 429, code: 'insufficient_quota', headers: new Headers({ 'retry-after': '1' }) })).toMatchObject({
      retryAfterMs: 300_000,
    });
  });

  it('of any other kind ends the run', () => {
    expect(asOurs({ status: 400 })).toMatchObject({ error: { code: 'model_refused' } });
    expect(asOurs({ status: 413 })).toMatchObject({ error: { code: 'too_long' } });
  });
});
