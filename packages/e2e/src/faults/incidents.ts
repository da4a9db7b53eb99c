import type { Provider } from '../provider.js';
import type { Connected } from './people.js';
import type { Random } from './random.js';
import type { Trouble } from './trouble.js';

/** Connections that break at the provider without telling anybody, so that only the sweep finds out: two auditors tick, and are killed in it. */
export class Incidents {
  readonly broken = new Set<string>();
  private loop: Promise<void> = Promise.resolve();

  constructor(
    private readonly people: readonly Connected[],
    private readonly provider: Provider,
    private readonly trouble: Trouble,
    private readonly random: Random,
  ) {}

  start(): void {
    this.loop = this.live();
  }

  stop(): Promise<void> {
    return this.loop;
  }

  private async live(): Promise<void> {
    for (const { id, connectionId } of this.people) {
      await this.trouble.pause(this.random.between(5_000, 15_000));
      if (this.trouble.done) return;
      await this.provider.break(id, 'slack');
      this.broken.add(connectionId);
    }
  }
}
