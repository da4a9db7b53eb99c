import type { MessageDelta } from '@gatehouse/contracts';

/** One open stream of a run. Wakes it when there is more to read, and hands it pieces of text, which it may leave. */
export class Watch {
  private due = false;
  private wakeUp: (() => void) | undefined;
  /** The process stops: the client is to go to another one. */
  over = false;

  constructor(
    readonly userId: string,
    readonly runId: string,
    readonly onDelta: (delta: MessageDelta) => void,
  ) {}

  wake(): void {
    this.due = true;
    this.wakeUp?.();
  }

  end(): void {
    this.over = true;
    this.wake();
  }

  /** Until there is more, which may have been since the last time; `ms` at the longest. */
  async next(ms: number): Promise<void> {
    if (!this.due) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.wakeUp = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.wakeUp = undefined;
    this.due = false;
  }
}
