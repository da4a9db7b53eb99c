const MINUTE_MS = 60_000;

/** Counts dead letters of each topic over the last minute: a bug of ours must not empty a topic into them. */
export class FloodGuard {
  private readonly times = new Map<string, number[]>();

  constructor(
    private readonly perMinute = 50,
    private readonly now: () => number = Date.now,
  ) {}

  /** How many more may be written now. */
  room(topic: string): number {
    const since = this.now() - MINUTE_MS;
    const recent = (this.times.get(topic) ?? []).filter((time) => time > since);
    this.times.set(topic, recent);
    return Math.max(0, this.perMinute - recent.length);
  }

  note(topic: string, count: number): void {
    const list = this.times.get(topic) ?? [];
    for (let i = 0; i < count; i++) list.push(this.now());
    this.times.set(topic, list);
  }
}
