import { InvalidRequest, RateLimited, Unavailable } from '@gatehouse/composio';
import { jest } from '@jest/globals';
import { Breaker } from './breaker.js';

describe('while Composio fails', () => {
  let asked = 0;
  let breaker: Breaker;
  beforeEach(() => {
    jest.useFakeTimers();
    asked = 0;
    breaker = new Breaker();
  });
  afterEach(() => jest.useRealTimers());

  const ask = (error?: Error) =>
    breaker
      .watch(async () => {
        asked += 1;
        if (error) throw error;
      })
      .catch(() => undefined);
  const down = () => ask(new Unavailable('down'));

  it('nothing is asked after three failures in a row, then one trial at a time, after 5 s, 10 s, up to a minute', async () => {
    for (let i = 0; i < 5; i++) await down();
    expect(asked).toBe(3);
    for (const seconds of [5, 10, 20, 40, 60, 60]) {
      jest.advanceTimersByTime(seconds * 1000 - 1);
      const before = asked;
      await down();
      expect(asked).toBe(before);
      jest.advanceTimersByTime(1);
      await down();
      await down();
      expect(asked).toBe(before + 1);
    }
  });

  it('an answer ends it, also one that refuses', async () => {
    for (const answer of [undefined, new InvalidRequest('no')]) {
      await down();
      await down();
      await ask(answer);
      await down();
      await down();
      asked = 0;
      await ask();
      expect(asked).toBe(1);
    }
  });

  it('a limit is no failure', async () => {
    for (let i = 0; i < 5; i++) await ask(new RateLimited(1000, 'ours'));
    expect(asked).toBe(5);
  });
});
