interface Task {
  at: number;
  work: () => void | Promise<void>;
}

const LONGEST_TIMER_MS = 2_000_000_000;

/** The time of one project. Real until a test stops, sets or advances it; what is due then fires in order, each seeing its own time as now. */
export class Clock {
  private offsetMs = 0;
  private stoppedAt: number | null = null;
  private readonly tasks: Task[] = [];
  private timer: NodeJS.Timeout | undefined;

  get stopped(): boolean {
    return this.stoppedAt !== null;
  }

  now(): number {
    return this.stoppedAt ?? Date.now() + this.offsetMs;
  }

  at(time: number, work: Task['work']): void {
    let low = 0;
    let high = this.tasks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.tasks[middle]?.at ?? 0) <= time) low = middle + 1;
      else high = middle;
    }
    this.tasks.splice(low, 0, { at: time, work });
    this.arm();
  }

  stop(): void {
    this.stoppedAt = this.now();
    this.arm();
  }

  go(): void {
    if (this.stoppedAt === null) return;
    this.offsetMs = this.stoppedAt - Date.now();
    this.stoppedAt = null;
    this.arm();
  }

  /** Forwards fires what becomes due on the way; backwards only changes the time. */
  async moveTo(time: number): Promise<void> {
    const wasStopped = this.stopped;
    this.stoppedAt = this.now();
    for (let task = this.next(time); task; task = this.next(time)) {
      this.stoppedAt = Math.max(task.at, this.stoppedAt);
      await task.work();
    }
    this.stoppedAt = time;
    if (!wasStopped) this.go();
  }

  clear(): void {
    this.tasks.length = 0;
    this.offsetMs = 0;
    this.stoppedAt = null;
    clearTimeout(this.timer);
  }

  private next(time: number): Task | undefined {
    const [first] = this.tasks;
    return first && first.at <= time ? this.tasks.shift() : undefined;
  }

  private arm(): void {
    clearTimeout(this.timer);
    const [first] = this.tasks;
    if (!first || this.stopped) return;
    const waitMs = Math.min(Math.max(first.at - this.now(), 0), LONGEST_TIMER_MS);
    this.timer = setTimeout(() => this.fireDue(), waitMs).unref();
  }

  private fireDue(): void {
    for (let task = this.next(this.now()); task; task = this.next(this.now())) void task.work();
    this.arm();
  }
}
