import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { importJWK, SignJWT } from 'jose';
import { until } from '../until.js';
import type { Lab } from './lab.js';
import type { Sizes } from './sizes.js';
import { median, quantile } from './statistics.js';

const PER_SECOND = 500;
const agent = new Agent({ keepAlive: true, maxSockets: 128 });

/** Starts `work` for each item at this rate, whether earlier ones have ended or not, and waits for all. */
export async function atRate<T>(perSecond: number, items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const began = performance.now();
  const open: Promise<unknown>[] = [];
  let failure: unknown;
  while (open.length < items.length) {
    const due = Math.min(items.length, Math.ceil(((performance.now() - began) / 1000) * perSecond));
    while (open.length < due) open.push(work(items[open.length] as T).catch((error: unknown) => (failure ??= error)));
    await pause(1);
  }
  await Promise.all(open);
  if (failure) throw failure;
}

export interface Gate {
  ask(user: string): Promise<number>;
}

/** The gate of the running connections service. Tokens are made beforehand: signing is the caller's cost. They live for a minute. */
export async function ours(lab: Lab, users: readonly string[]): Promise<Gate> {
  const key = await importJWK({ ...lab.secrets.internalKeys.gateway }, 'EdDSA');
  const sign = (user: string) =>
    new SignJWT({ kind: 'user', roles: [] })
      .setProtectedHeader({ alg: 'EdDSA', typ: 'gatehouse-internal+jwt', kid: 'gateway' })
      .setIssuer('gateway')
      .setAudience('connections')
      .setSubject(user)
      .setIssuedAt()
      .setExpirationTime('60s')
      .setJti(randomUUID())
      .sign(key);
  const tokens = new Map<string, string>();
  for (const user of users) tokens.set(user, await sign(user));
  const apps = { required: ['slack'] };
  return { ask: (user) => timed(lab.ports.connections, { apps }, { 'x-gatehouse-identity': tokens.get(user) ?? '' }) };
}

/** The bare handler, as a process of its own on the same tables. */
export async function bare(lab: Lab): Promise<Gate> {
  const port = await lab.freePort();
  lab.side('bare', 'bare', { databaseUrl: lab.databaseUrl('connections'), port });
  await until('the bare handler listens', async () => (await fetch(`http://127.0.0.1:${port}/`)).status === 404);
  return { ask: (userId) => timed(port, { userId, apps: { required: ['slack'] } }, {}) };
}

/** Milliseconds until the whole answer was there; throws unless it says ready. */
function timed(port: number, body: object, headers: Record<string, string>): Promise<number> {
  const text = JSON.stringify(body);
  const began = performance.now();
  return new Promise((done, failed) => {
    const options = { port, host: '127.0.0.1', path: '/v1/gate', method: 'POST', agent };
    const asking = request(
      { ...options, headers: { ...headers, 'content-type': 'application/json', 'content-length': text.length } },
      (answer) => {
        let said = '';
        answer.setEncoding('utf8').on('data', (part: string) => (said += part));
        answer.once('end', () => {
          const tookMs = performance.now() - began;
          if (said.includes('"verdict":"ready"')) done(tookMs);
          else failed(new Error(`the gate said ${answer.statusCode} ${said.slice(0, 200)}`));
        });
      },
    );
    asking.once('error', failed);
    asking.end(text);
  });
}

export interface GateTimes {
  readonly p50Ms: number;
  readonly p99Ms: number;
}
export interface GateResult {
  readonly ours: GateTimes;
  readonly bare: GateTimes;
  /** Medians of the rounds' ratios. */
  readonly p50Ratio: number;
  readonly p99Ratio: number;
}

/** 500 questions a second, second by second in turn to ours and to the bare handler; users with one active connection. */
export async function measureGate(lab: Lab, { rounds, gateSeconds }: Sizes, seeded: readonly string[]): Promise<GateResult> {
  const service = lab.processes.get('connections') ?? lab.service('connections');
  await lab.ready('connections');
  const other = await bare(lab);
  const found: { ours: GateTimes; bare: GateTimes }[] = [];
  for (let round = 0; round <= rounds; round++) {
    const mine: number[] = [];
    const theirs: number[] = [];
    for (let second = 0; second < gateSeconds; second++) {
      const users = Array.from({ length: PER_SECOND }, () => seeded[Math.floor(Math.random() * seeded.length)] ?? '');
      const gate = await ours(lab, users);
      const turns: [Gate, number[]][] = [
        [gate, mine],
        [other, theirs],
      ];
      for (const [side, times] of second % 2 ? turns : turns.reverse()) {
        await atRate(PER_SECOND, users, async (user) => times.push(await side.ask(user)));
      }
    }
    if (round > 0) found.push({ ours: timesOf(mine), bare: timesOf(theirs) });
  }
  await lab.processes.stop('bare');
  if (service.exit) throw new Error('the connections service ended while it was measured');
  const of = (pick: (round: (typeof found)[number]) => number) => median(found.map(pick));
  return {
    ours: { p50Ms: of((r) => r.ours.p50Ms), p99Ms: of((r) => r.ours.p99Ms) },
    bare: { p50Ms: of((r) => r.bare.p50Ms), p99Ms: of((r) => r.bare.p99Ms) },
    p50Ratio: of((r) => r.ours.p50Ms / r.bare.p50Ms),
    p99Ratio: of((r) => r.ours.p99Ms / r.bare.p99Ms),
  };
}

const timesOf = (all: readonly number[]): GateTimes => ({ p50Ms: quantile(all, 0.5), p99Ms: quantile(all, 0.99) });
