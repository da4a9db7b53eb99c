import { setTimeout as sleep } from 'node:timers/promises';
import type { Stack } from '@gatehouse/local';
import type { Network } from './network.js';
import { providerLane } from './provider-lane.js';
import type { Random } from './random.js';
import { serverLane } from './server-lane.js';
import { CONSUMERS, consumerLane, DOORS, doorLane } from './service-lanes.js';
import { Supervisor } from './supervisor.js';

export interface Disturbance {
  readonly at: number;
  /** When what was taken away is there again, so that recovering can begin; at once where a replica is left. */
  until: number;
  readonly what: string;
  /** The apps that it hits; a broker or a database hits all. */
  readonly hits: readonly string[];
}
export interface Battlefield {
  readonly stack: Stack;
  readonly network: Network;
  readonly replicas: number;
  /** Whether servers are also taken away for long. */
  readonly outages: boolean;
}

/** Makes trouble, by choices of the seed, in several lanes at once: one for each consumer group and each door, one for servers and network, one for the provider. */
export class Trouble {
  readonly disturbances: Disturbance[] = [];
  readonly counts = new Map<string, number>();
  /** Processes that ended although nobody killed them. */
  ownEnds = 0;
  kills = 0;
  onKill: (kills: number) => void = () => {};
  readonly supervisor: Supervisor;
  private readonly expected = new Set<string>();
  private stopping = false;
  private lanes: Promise<void>[] = [];

  constructor(
    readonly field: Battlefield,
    private readonly random: Random,
    readonly limit: number,
  ) {
    const names = [...CONSUMERS, ...DOORS].flatMap((app) => this.namesOf(app));
    this.supervisor = new Supervisor(field.stack, names, (name) => {
      if (!this.expected.delete(name)) this.ended(name);
    });
  }

  start(): void {
    this.lanes = [
      ...CONSUMERS.map((app) => consumerLane(this, app, this.random.fork())),
      ...DOORS.map((app) => doorLane(this, app, this.random.fork())),
      serverLane(this, this.random.fork()),
      providerLane(this, this.random.fork()),
    ];
  }

  get done(): boolean {
    return this.stopping || this.kills >= this.limit;
  }

  /** Makes no more trouble, and waits until what was done is over. */
  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.lanes);
  }

  kill(name: string, what: string, hits: readonly string[]): Disturbance | undefined {
    const child = this.field.stack.processes.get(name);
    if (!child || child.exit) return undefined; // it is down already
    this.expected.add(name);
    const mark = this.note(what, hits);
    this.field.stack.kill(name, 'SIGKILL');
    this.kills++;
    this.onKill(this.kills);
    return mark;
  }

  /** As an operator stops it: it may finish what it does. Not a kill. */
  halt(name: string, what: string, hits: readonly string[]): Disturbance {
    this.expected.add(name);
    const mark = this.note(what, hits);
    this.field.stack.kill(name, name === 'postgres' ? 'SIGINT' : 'SIGTERM');
    return mark;
  }

  note(what: string, hits: readonly string[], counted = true): Disturbance {
    const mark = { at: Date.now(), until: Date.now(), what, hits };
    this.disturbances.push(mark);
    if (counted) this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
    return mark;
  }

  namesOf(app: string): string[] {
    return Array.from({ length: this.field.replicas }, (_, i) => (i ? `${app}-${i + 1}` : app));
  }

  /** Ends early when the campaign does. */
  async pause(ms: number): Promise<void> {
    const until = Date.now() + ms;
    while (Date.now() < until && !this.done) await sleep(100);
  }

  private ended(name: string): void {
    this.ownEnds++;
    this.note(`${name} ended by itself`, [appOf(name)], false);
  }
}

export const appOf = (name: string): string => name.replace(/-\d+$/, '');
