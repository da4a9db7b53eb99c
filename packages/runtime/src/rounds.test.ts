import { setImmediate } from 'node:timers/promises';
import { Rounds } from './rounds.js';

/** Work whose end the test decides. */
function handWork() {
  const ends: ((error?: Error) => void)[] = [];
  const signals: AbortSignal[] = [];
  const work = (stop: AbortSignal) => {
    signals.push(stop);
    return new Promise<void>((resolve, reject) => ends.push((error) => (error ? reject(error) : resolve())));
  };
  return { work, ends, signals };
}

describe('the rounds of a worker', () => {
  it('are one at a time, however many ticks come', async () => {
    const { work, ends } = handWork();
    const rounds = new Rounds('counting', work);
    const ticks = [rounds.next(), rounds.next()];
    expect(ends).toHaveLength(1);
    ends[0]?.();
    await Promise.all(ticks);
    void rounds.next();
    expect(ends).toHaveLength(2);
  });

  it('go on after one that failed, which no tick ever sees', async () => {
    const { work, ends } = handWork();
    const rounds = new Rounds('failing', work);
    const tick = rounds.next();
    ends[0]?.(new Error('not today'));
    await expect(tick).resolves.toBeUndefined();
    void rounds.next();
    expect(ends).toHaveLength(2);
  });

  it('are waited for at a stop, are told of it, and do not begin after it', async () => {
    const { work, ends, signals } = handWork();
    const rounds = new Rounds('stopping', work);
    void rounds.next();
    let stopped = false;
    const stop = rounds.stop().then(() => {
      stopped = true;
    });
    await setImmediate();
    expect({ stopped, told: signals[0]?.aborted }).toEqual({ stopped: false, told: true });
    ends[0]?.();
    await stop;
    await rounds.next();
    expect(ends).toHaveLength(1);
  });

  it('hold up a stop for a limited time only', async () => {
    const rounds = new Rounds('hanging', handWork().work);
    void rounds.next();
    await rounds.stop(1);
  });

  it('come by themselves, the first at once, until the stop', async () => {
    let count = 0;
    const third = Promise.withResolvers<void>();
    const rounds = new Rounds('ticking', async () => {
      count += 1;
      if (count === 3) third.resolve();
    }).every(0);
    expect(count).toBe(1);
    await third.promise;
    await rounds.stop();
    await rounds.next();
    expect(count).toBe(3);
  });
});
