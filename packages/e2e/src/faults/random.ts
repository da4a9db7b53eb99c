/** Choices that a seed repeats (mulberry32). The moments at which they take effect are the machine's. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** In [0, 1). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  /** From `low` up to, not including, `high`. */
  between(low: number, high: number): number {
    return low + this.next() * (high - low);
  }

  chance(share: number): boolean {
    return this.next() < share;
  }

  pick<T>(list: readonly T[]): T {
    const one = list[Math.floor(this.next() * list.length)];
    if (one === undefined) throw new Error('nothing to pick from');
    return one;
  }

  /** All of these in some order, then all of them in another, for ever: each kind comes up early, however short the campaign. */
  *deck<T>(cards: readonly T[]): Generator<T, never> {
    for (;;) {
      const left = [...cards];
      while (left.length > 0) {
        const [card] = left.splice(Math.floor(this.next() * left.length), 1);
        yield card as T;
      }
    }
  }

  /** A stream of its own, so that parallel parts do not change each other's choices. */
  fork(): Random {
    return new Random(Math.floor(this.next() * 4_294_967_296));
  }
}
