import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from '@gatehouse/local';
import type { Random } from './random.js';
import type { Trouble } from './trouble.js';

/** Consumer groups: a killed member costs its group the session time-out, so that another fault before that would only measure patience. */
export const CONSUMERS = ['connections', 'agent-runner', 'auditor', 'notifier'] as const;
export const DOORS = ['identity', 'gateway'] as const;
/** Longer than a relay's lease (10 s), on both sides of the group's session time-out (15 s). */
const FREEZE_MS = [11_000, 18_000] as const;
const MOST = 4;

const CONSUMER_FAULTS = ['kill one', 'kill one', 'kill all', 'kill all', 'freeze one', 'roll'] as const;

export async function consumerLane(trouble: Trouble, app: App, random: Random): Promise<void> {
  const faults = random.deck(app === 'connections' ? [...CONSUMER_FAULTS, 'scale' as const] : CONSUMER_FAULTS);
  await trouble.pause(random.between(500, 8_000));
  while (!trouble.done) {
    const names = trouble.namesOf(app);
    const name = random.pick(names);
    const fault = faults.next().value;
    if (fault === 'freeze one') await freeze(trouble, app, name, random.between(...FREEZE_MS));
    else if (fault === 'roll') await roll(trouble, app);
    else if (fault === 'scale') await scale(trouble, app);
    else await strike(trouble, app, fault === 'kill all' ? names : [name]);
    await trouble.pause(random.between(21_000, 26_000));
  }
}

/** No group to wait for: who kills them at random meets them serving, starting, and down. */
export async function doorLane(trouble: Trouble, app: App, random: Random): Promise<void> {
  while (!trouble.done) {
    await trouble.pause(random.between(1_000, 4_000));
    if (trouble.done) return;
    const names = trouble.namesOf(app);
    const hit = random.chance(0.5) ? names : [random.pick(names)];
    for (const name of hit) trouble.kill(name, `kill -9 ${app}`, [app]);
    await Promise.race(hit.map((name) => trouble.supervisor.ready(name)));
  }
}

async function strike(trouble: Trouble, app: string, names: readonly string[]): Promise<void> {
  const all = names.length === trouble.field.replicas;
  const marks = names.map((name) => trouble.kill(name, all ? `kill -9 all ${app}` : `kill -9 ${app}`, [app]));
  if (!all) return;
  await Promise.race(names.map((name) => trouble.supervisor.ready(name)));
  for (const mark of marks) if (mark) mark.until = Date.now();
}

async function freeze(trouble: Trouble, app: string, name: string, ms: number): Promise<void> {
  trouble.note('SIGSTOP past the lease', [app]);
  trouble.field.stack.kill(name, 'SIGSTOP');
  await sleep(ms);
  trouble.field.stack.kill(name, 'SIGCONT');
}

/** A new version is rolled out: each replica is asked to stop and started again, one after the other. */
async function roll(trouble: Trouble, app: string): Promise<void> {
  for (const name of trouble.namesOf(app)) {
    trouble.halt(name, `rolling restart of ${app}`, [app]);
    await trouble.supervisor.ready(name);
  }
}

/** Down to one, up to four, down to one, and back to what it was. */
async function scale(trouble: Trouble, app: App): Promise<void> {
  const { stack, replicas } = trouble.field;
  const { supervisor } = trouble;
  const usual = trouble.namesOf(app);
  const further = [...usual.slice(1), ...(await furtherOnes(trouble, app, MOST - replicas))];
  const stop = (names: readonly string[]) => {
    for (const name of names) {
      supervisor.held.add(name);
      if (!stack.processes.get(name)?.exit) trouble.halt(name, `${app} scaled to 1`, [app]);
    }
  };
  stop(further);
  await trouble.pause(5_000);
  trouble.note(`${app} scaled to ${further.length + 1}`, [app]);
  for (const name of further) supervisor.held.delete(name);
  await Promise.all(further.map((name) => supervisor.ready(name)));
  await trouble.pause(5_000);
  stop(further);
  await sleep(2_000);
  for (const name of usual.slice(1)) supervisor.held.delete(name);
}

/** Started once; they are held down whenever they are not wanted. Fewer if a server is away just then: a first start gives up, as it should. */
async function furtherOnes(trouble: Trouble, app: App, count: number): Promise<string[]> {
  const { supervisor, field } = trouble;
  const known = supervisor.further.filter((name) => name.startsWith(app));
  while (known.length < count) {
    const name = await field.stack.add(app).catch(() => undefined);
    if (name === undefined) break;
    supervisor.watchToo(name);
    known.push(name);
  }
  return known;
}
