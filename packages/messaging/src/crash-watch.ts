const WINDOW_MS = 5 * 60_000;
const LIMIT = 3;

/** Says when a consumer that crashes should take its process with it: for good, or three times within five minutes. */
export class CrashWatch {
  private times: number[] = [];

  constructor(private readonly now: () => number = Date.now) {}

  /** `restarts`: the Kafka client will join again by itself. */
  crashed(restarts: boolean): 'wait' | 'exit' {
    const since = this.now() - WINDOW_MS;
    this.times = [...this.times.filter((time) => time > since), this.now()];
    return !restarts || this.times.length >= LIMIT ? 'exit' : 'wait';
  }
}
