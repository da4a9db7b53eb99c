import { setTimeout as sleep } from 'node:timers/promises';
import type { Stack } from '@gatehouse/local';
import type { Random } from './random.js';
import { Supervisor } from './supervisor.js';

/** Consumer groups: a killed member costs its group the session time-out, so that another fault before that would only measure patience. */
const CONSUMERS = ['connections', 'agent-runner', 'auditor', 'notifier'] as const;
const DOORS = ['identity', 'gateway'] as const;
const SERVER_FAULTS = ['kill postgres', 'kill kafka', 'stop postgres', 'stop kafka'] as const;
const CONSUMER_FAULTS = ['kill one', 'kill one', 'freeze one', 'kill all'] as const;
const DOWN_MS = 5_000;
/** Longer than a relay's lease (10 s), on both sides of the group's session time-out (15 s). */
const FREEZE_MS = [11_000, 18_000] as const;

export interface Disturbance {
  readonly at: number;
  /** When what was taken away is there again, so that recovering can begin; at once where a replica is left. */
  until: number;
  readonly what: string;
  /** The apps that it hits; a broker or a database hits all. */
  readonly hits: readonly string[];
}

/** Makes trouble, by choices of the seed, in several lanes at once: one for each consumer group, one for the doors, one for broker and database. */
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
    private readonly stack: Stack,
    private readonly replicas: number,
    private readonly random: Random,
    private readonly limit: number,
  ) {
    const names = [...CONSUMERS, ...DOORS].flatMap((app) => this.namesOf(app));
    this.supervisor = new Supervisor(stack, names, (name) => {
      if (!this.expected.delete(name)) this.ended(name);
    });
  }

  start(): void {
    this.lanes = [...CONSUMERS.map((app) => this.consumerLane(app, this.random.fork())), this.doorLane(this.random.fork())];
    this.lanes.push(this.serverLane(this.random.fork()));
  }

  get done(): boolean {
    return this.stopping || this.kills >= this.limit;
  }

  /** Makes no more trouble, and waits until what was done is over. */
  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.lanes);
  }

  private async consumerLane(app: string, random: Random): Promise<void> {
    const faults = random.deck(CONSUMER_FAULTS);
    await this.pause(random.between(500, 8_000));
    while (!this.done) {
      const name = random.pick(this.namesOf(app));
      const fault = faults.next().value;
      if (fault === 'freeze one') await this.freeze(name, random.between(...FREEZE_MS));
      else await this.strike(app, fault === 'kill all' ? this.namesOf(app) : [name]);
      await this.pause(random.between(21_000, 26_000));
    }
  }

  private async strike(app: string, names: readonly string[]): Promise<void> {
    const all = names.length === this.replicas;
    const marks = names.map((name) => this.kill(name, all ? `kill -9 all ${app}` : `kill -9 ${app}`, [app]));
    if (!all) return;
    await Promise.race(names.map((name) => this.supervisor.ready(name)));
    for (const mark of marks) if (mark) mark.until = Date.now();
  }

  private async doorLane(random: Random): Promise<void> {
    while (!this.done) {
      await this.pause(random.between(2_000, 6_000));
      if (this.done) return;
      const app = random.pick(DOORS);
      const name = random.pick(this.namesOf(app));
      this.kill(name, `kill -9 ${app}`, [app]);
      await this.supervisor.ready(name);
    }
  }

  private async serverLane(random: Random): Promise<void> {
    const faults = random.deck(SERVER_FAULTS);
    await this.pause(random.between(4_000, 12_000));
    while (!this.done) {
      const fault = faults.next().value;
      const [how, server = ''] = fault.split(' ');
      this.supervisor.held.add(server);
      const mark = how === 'kill' ? this.kill(server, `kill -9 ${server}`, ['*']) : this.halt(server);
      if (mark) mark.until = Number.POSITIVE_INFINITY;
      await sleep(random.between(2_000, DOWN_MS));
      this.supervisor.held.delete(server);
      await this.supervisor.ready(server);
      if (mark) mark.until = Date.now();
      await this.pause(random.between(22_000, 30_000));
    }
  }

  private kill(name: string, what: string, hits: readonly string[]): Disturbance | undefined {
    const child = this.stack.processes.get(name);
    if (!child || child.exit) return undefined; // it is down already
    this.expected.add(name);
    const mark = this.note(what, hits);
    this.stack.kill(name, 'SIGKILL');
    this.kills++;
    this.onKill(this.kills);
    return mark;
  }

  /** As an operator stops it: it may finish what it does. Not a kill. */
  private halt(name: string): Disturbance {
    this.expected.add(name);
    const mark = this.note(`orderly stop of ${name}`, ['*']);
    this.stack.kill(name, name === 'postgres' ? 'SIGINT' : 'SIGTERM');
    return mark;
  }

  private async freeze(name: string, ms: number): Promise<void> {
    this.note('SIGSTOP past the lease', [name.replace(/-\d+$/, '')]);
    this.stack.kill(name, 'SIGSTOP');
    await sleep(ms);
    this.stack.kill(name, 'SIGCONT');
  }

  private ended(name: string): void {
    this.ownEnds++;
    this.note(`${name} ended by itself`, [name.replace(/-\d+$/, '')], false);
  }

  private note(what: string, hits: readonly string[], counted = true): Disturbance {
    const mark = { at: Date.now(), until: Date.now(), what, hits };
    this.disturbances.push(mark);
    if (counted) this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
    return mark;
  }

  private namesOf(app: string): string[] {
    return Array.from({ length: this.replicas }, (_, i) => (i ? `${app}-${i + 1}` : app));
  }

  private async pause(ms: number): Promise<void> {
    const until = Date.now() + ms;
    while (Date.now() < until && !this.done) await sleep(100);
  }
}
