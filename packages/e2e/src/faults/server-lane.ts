import { setTimeout as sleep } from 'node:timers/promises';
import { NETWORK_FAULTS, type NetworkFault, worsen } from './bad-network.js';
import type { Random } from './random.js';
import type { Trouble } from './trouble.js';

type Server = 'postgres' | 'kafka';

const DOWN_MS = [2_000, 5_000] as const;
const OUTAGES = [
  { server: 'kafka', ms: 60_000, after: 1 / 4 },
  { server: 'postgres', ms: 30_000, after: 1 / 2 },
] as const;
const SERVERS = ['postgres', 'kafka'] as const;
const HARD = SERVERS.flatMap((server) => [['kill', server] as const, ['stop', server] as const]);
const NETWORK = SERVERS.flatMap((server) => NETWORK_FAULTS.map((fault) => [fault, server] as const));

/** Broker, database and the network in front of them. One at a time, for each of them hits everybody. */
export async function serverLane(trouble: Trouble, random: Random): Promise<void> {
  const [hard, network] = [random.deck(HARD), random.deck(NETWORK)];
  const outages = trouble.field.outages ? [...OUTAGES] : [];
  await trouble.pause(random.between(4_000, 12_000));
  while (!trouble.done) {
    const [next] = outages;
    if (next && trouble.kills >= trouble.limit * next.after) {
      outages.shift();
      await down(trouble, 'outage', next.server, next.ms);
    } else {
      const [how, server] = hard.next().value;
      await down(trouble, how, server, random.between(...DOWN_MS));
    }
    await trouble.pause(random.between(22_000, 28_000));
    if (trouble.done) return;
    const [fault, before] = network.next().value;
    await badNetwork(trouble, fault, before, random);
    await trouble.pause(random.between(22_000, 28_000));
  }
}

async function down(trouble: Trouble, how: 'kill' | 'stop' | 'outage', server: Server, ms: number): Promise<void> {
  const { supervisor } = trouble;
  supervisor.held.add(server);
  const what = how === 'outage' ? `outage: ${server} down for ${ms / 1000} s` : `kill -9 ${server}`;
  const mark = how === 'stop' ? trouble.halt(server, `orderly stop of ${server}`, ['*']) : trouble.kill(server, what, ['*']);
  if (mark) mark.until = Number.POSITIVE_INFINITY;
  await sleep(ms);
  supervisor.held.delete(server);
  await supervisor.ready(server);
  if (mark) mark.until = Date.now();
}

async function badNetwork(trouble: Trouble, fault: NetworkFault, server: Server, random: Random): Promise<void> {
  const mark = trouble.note(`network: ${fault}, ${server}`, ['*']);
  mark.until = Number.POSITIVE_INFINITY;
  await worsen(
    trouble.field.network[server],
    fault,
    random,
    (ms) => trouble.pause(ms),
    () => {
      mark.until = Date.now();
    },
  );
}
