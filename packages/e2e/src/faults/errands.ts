import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Run } from '../story/stage.js';
import type { Connected } from './people.js';
import type { Random } from './random.js';

const ENDED = ['completed', 'failed', 'cancelled'];
/** A run may be started six times before it is given up; each time may cost a lease and a storm of the provider's. */
const PATIENCE_MS = 240_000;

export interface Errand {
  readonly user: string;
  /** Stands in the message that is to be posted, and nowhere else. */
  readonly marker: string;
  /** Unknown when nobody answered the wish: it may have become a run or not. */
  runId: string | undefined;
  approved: boolean;
  state: string;
}

/** People who ask for a message to be posted, approve it, and wait: the load that has an effect outside. */
export class Errands {
  readonly all: Errand[] = [];
  private loops: Promise<void>[] = [];
  private opening = true;
  private deadline = Number.POSITIVE_INFINITY;

  constructor(
    private readonly people: readonly Connected[],
    private readonly random: Random,
  ) {}

  start(): void {
    this.loops = this.people.map((person) => this.live(person, this.random.fork()));
  }

  /** Begins nothing new, and waits for what was begun. */
  async stop(patienceMs: number): Promise<void> {
    this.opening = false;
    this.deadline = Date.now() + patienceMs;
    await Promise.all(this.loops);
  }

  private async live(person: Connected, random: Random): Promise<void> {
    while (this.opening) {
      await sleep(random.between(500, 6_000));
      if (this.opening) await this.run(person);
    }
  }

  private async run({ id, at }: Connected): Promise<void> {
    const errand: Errand = { user: id, marker: `errand-${randomUUID()}`, runId: undefined, approved: false, state: 'asked for' };
    this.all.push(errand);
    const wish = { input: `Please post '${errand.marker}' to #general on Slack`, apps: { required: ['slack'] } };
    const asked = await quiet(() => at().post<Run>('/v1/runs', wish));
    if (asked?.status !== 202) return;
    errand.runId = asked.body.id;
    const until = Date.now() + PATIENCE_MS;
    while (Date.now() < Math.min(until, this.deadline)) {
      const seen = await quiet(() => at().get<Run>(`/v1/runs/${asked.body.id}`));
      if (seen?.status === 200) {
        errand.state = seen.body.state;
        if (ENDED.includes(errand.state)) return;
        if (seen.body.waitingFor?.approvalId) await this.approve(errand, at, seen.body.waitingFor.approvalId);
      }
      await sleep(500);
    }
  }

  private async approve(errand: Errand, at: Connected['at'], approvalId: string): Promise<void> {
    const answer = await quiet(() => at().post(`/v1/approvals/${approvalId}/decision`, { decision: 'approve' }));
    if (answer?.status === 200) errand.approved = true;
  }
}

/** Nothing, when nobody answers. */
async function quiet<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch {
    return undefined;
  }
}
