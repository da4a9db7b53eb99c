import { Injectable, type OnModuleDestroy } from '@nestjs/common';

type Check = () => Promise<void> | void;
const CHECK_TIMEOUT_MS = 5000;

/**
 * Whether this process is alive and whether it should get work. A check that throws, or does not answer in 5 seconds, is its message as a
 * reason. Readiness goes off as the first step of a shutdown.
 */
@Injectable()
export class Health implements OnModuleDestroy {
  private readonly readiness = new Map<string, Check>();
  private readonly liveness = new Map<string, Check>();
  private off: string | undefined;

  addReadiness(name: string, check: Check): void {
    this.readiness.set(name, check);
  }

  addLiveness(name: string, check: Check): void {
    this.liveness.set(name, check);
  }

  /** From now on this process is not ready, for good. */
  unready(reason: string): void {
    this.off ??= reason;
  }

  onModuleDestroy(): void {
    this.unready('shutting down');
  }

  /** Reasons why it should get no work; none when it is ready. */
  async notReady(): Promise<string[]> {
    return this.off ? [this.off] : failures(this.readiness);
  }

  /** Reasons why it should be restarted; none when it is alive. */
  notAlive(): Promise<string[]> {
    return failures(this.liveness);
  }
}

async function failures(checks: Map<string, Check>): Promise<string[]> {
  const reasons = await Promise.all([...checks].map(async ([name, check]) => (await failureOf(check))?.replace(/^/, `${name}: `)));
  return reasons.filter((reason) => reason !== undefined);
}

async function failureOf(check: Check): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(resolve, CHECK_TIMEOUT_MS, `no answer within ${CHECK_TIMEOUT_MS / 1000} s`);
  });
  try {
    return await Promise.race([Promise.resolve(check()).then(() => undefined), late]);
  } catch (error) {
    return error instanceof Error ? error.message : 'failed';
  } finally {
    clearTimeout(timer);
  }
}
