import { Problem } from '@gatehouse/runtime';
import { Injectable } from '@nestjs/common';

const STREAMS_PER_USER = 5;

/** Counts requests by key in windows of a fixed length. At most `keys` of them are remembered; the oldest give way. */
export class Window {
  private readonly counts = new Map<string, { n: number; endsAt: number }>();

  constructor(
    private readonly max: number,
    private readonly windowMs: number,
    private readonly keys = 50_000,
  ) {}

  /** Seconds to wait; 0 when this request is within the limit. */
  take(key: string, now = Date.now()): number {
    const current = this.counts.get(key);
    if (current && current.endsAt > now) {
      current.n += 1;
      return current.n > this.max ? Math.ceil((current.endsAt - now) / 1000) : 0;
    }
    this.counts.delete(key); // to the end of the order
    this.counts.set(key, { n: 1, endsAt: now + this.windowMs });
    const oldest = this.counts.size > this.keys ? this.counts.keys().next().value : undefined;
    if (oldest !== undefined) this.counts.delete(oldest);
    return 0;
  }
}

/** Open streams of a user. */
@Injectable()
export class Streams {
  private readonly open = new Map<string, number>();

  /** Throws Problem 429 beyond five. Call what it returns, once, when the stream ends. */
  enter(userId: string): () => void {
    const count = this.open.get(userId) ?? 0;
    if (count >= STREAMS_PER_USER) throw tooMany(5, 'Too many open streams.');
    this.open.set(userId, count + 1);
    return () => {
      const left = (this.open.get(userId) ?? 1) - 1;
      if (left > 0) this.open.set(userId, left);
      else this.open.delete(userId);
    };
  }
}

export function tooMany(retryAfterSeconds: number, detail = 'Too many requests. Try again later.'): Problem {
  return new Problem(429, 'too_many_requests', detail, { retryAfterSeconds });
}
