import type { Backlog } from './backlog.js';
import type { GateResult } from './gate.js';
import type { Grown } from './growth.js';
import type { Results, SideName, Taken } from './intake.js';
import type { Latency } from './latency.js';
import { median, shown } from './statistics.js';

/** What was measured; all of it unless parts were chosen. */
export interface Measured {
  readonly intake?: Results;
  readonly relay?: { readonly perSecond: readonly number[]; readonly latency: Latency };
  readonly gate?: GateResult;
  readonly growth?: readonly Grown[];
  readonly backlog?: Backlog;
}

const NAMES: Record<SideName, string> = {
  stock: 'stock ServerKafka + MikroORM, one flush a message',
  stockBest: 'the same, 8 partitions at once',
  ceiling: 'raw ceiling, no inbox',
  ceilingWithInbox: 'raw ceiling with inbox',
  ours: 'connections',
  oursAndRelay: 'connections, its relay sending meanwhile',
};

const perSecond = (all: readonly Taken[]): number => median(all.map((taken) => taken.perSecond));
const rounded = (value: number, digits = 0): number => Number(value.toFixed(digits));

/** Ratio of two sides within each round, then the median: what the machine did meanwhile falls out. */
const ratio = (one: readonly Taken[], other: readonly Taken[]): number =>
  median(one.map((taken, i) => taken.perSecond / (other[i]?.perSecond ?? Number.NaN)));

/** The object of `--json`. */
export function json({ intake, relay, gate, growth, backlog }: Measured): object {
  return {
    ...(intake && {
      intake: {
        stockPerSecond: rounded(perSecond(intake.stock)),
        stockBestPerSecond: rounded(perSecond(intake.stockBest)),
        ceilingPerSecond: rounded(perSecond(intake.ceiling)),
        ceilingWithInboxPerSecond: rounded(perSecond(intake.ceilingWithInbox)),
        oursPerSecond: rounded(perSecond(intake.ours)),
      },
    }),
    ...(relay && {
      relay: {
        perSecond: rounded(median(relay.perSecond)),
        commitToKafkaP50Ms: rounded(relay.latency.commitToKafka.p50Ms, 1),
        commitToKafkaP99Ms: rounded(relay.latency.commitToKafka.p99Ms, 1),
      },
    }),
    ...(gate && { gate: { p99RatioToBare: rounded(gate.p99Ratio, 2) } }),
    ...(growth && {
      growth: growth.map((grown) => ({
        users: grown.users,
        intakePerSecond: rounded(grown.intakePerSecond),
        gateP99Ms: rounded(grown.gate.ours.p99Ms, 2),
        rssMb: grown.rssMb,
      })),
    }),
    ...(backlog && { backlog }),
  };
}

/** The tables for a person, in Markdown. */
export function tables({ intake, relay, gate, growth, backlog }: Measured): string {
  return [
    ...(intake ? [intakeTable(intake), intakeBars(intake)] : []),
    ...(relay ? [relayTable(relay)] : []),
    ...(gate ? [gateTable(gate)] : []),
    ...(growth ? [growthTable(growth)] : []),
    ...(backlog ? [backlogTable(backlog)] : []),
  ].join('\n\n');
}

function intakeTable(intake: Results): string {
  const rows = (Object.keys(NAMES) as SideName[]).map((name) => {
    const all = intake[name];
    const cpu = (part: keyof Taken['cpu']) => shown(median(all.map((taken) => taken.cpu[part])));
    const rates = all.map((taken) => taken.perSecond);
    return [
      NAMES[name],
      shown(perSecond(all)),
      `${shown(Math.min(...rates))}–${shown(Math.max(...rates))}`,
      cpu('own'),
      cpu('postgres'),
      cpu('broker'),
    ];
  });
  return table(['Intake of `user.created`', 'events/s', 'lowest–highest', 'µs own', 'µs Postgres', 'µs broker'], rows);
}

function intakeBars(intake: Results): string {
  return table(
    ['Ratios', 'goal', 'measured'],
    [
      ['connections against stock in its default', '≥ 60×', `${shown(ratio(intake.ours, intake.stock))}×`],
      ['connections against stock, 8 partitions at once', '–', `${shown(ratio(intake.ours, intake.stockBest))}×`],
      ['connections against the raw ceiling with inbox', '≥ 0.90', shown(ratio(intake.ours, intake.ceilingWithInbox))],
      ['connections against the raw ceiling without', '–', shown(ratio(intake.ours, intake.ceiling))],
    ],
  );
}

function relayTable({ perSecond: rates, latency: { commitToKafka, unwokenToKafka, endToEnd } }: NonNullable<Measured['relay']>): string {
  const row = (what: string, { p50Ms, p99Ms }: { p50Ms: number; p99Ms: number }) => [what, shown(p50Ms), shown(p99Ms)];
  const range = `${shown(Math.min(...rates))}–${shown(Math.max(...rates))}`;
  const sent = table(
    ['Relay, full outbox', 'goal', 'events/s', 'lowest–highest'],
    [['rows of 300 bytes', '≥ 35,000', shown(median(rates)), range]],
  );
  const times = table(
    ['At 500 events a second', 'p50 ms', 'p99 ms'],
    [
      row(`commit → Kafka (goal p99 < 50), own transactions, ${shown(commitToKafka.transactionsPerSecond)} a second`, commitToKafka),
      row('commit → Kafka, 500 transactions a second of another process', unwokenToKafka),
      row('`user.created` → `entity.created`, both on Kafka', endToEnd),
    ],
  );
  return `${sent}\n\n${times}`;
}

function gateTable(gate: GateResult): string {
  return table(
    ['Gate over HTTP, 500 a second', 'p50 ms', 'p99 ms'],
    [
      ['connections', shown(gate.ours.p50Ms), shown(gate.ours.p99Ms)],
      ['bare Fastify + pg', shown(gate.bare.p50Ms), shown(gate.bare.p99Ms)],
      ['ratio (goal: p99 ≤ 1.3)', shown(gate.p50Ratio), shown(gate.p99Ratio)],
    ],
  );
}

function growthTable(growth: readonly Grown[]): string {
  const services = Object.keys(growth[0]?.rssMb ?? {});
  const rows = growth.map((grown) => [
    grown.users.toLocaleString('en-US'),
    shown(grown.intakePerSecond),
    shown(grown.gate.ours.p99Ms),
    shown(grown.gate.p99Ratio),
    ...services.map((service) => String(grown.rssMb[service])),
  ]);
  return table(['Users', 'intake/s', 'gate p99 ms', 'to bare', ...services.map((service) => `${service} MB`)], rows);
}

function backlogTable({ events, tenthMb, peakMb, stuckEvents, stuckPeakMb }: Backlog): string {
  return table(
    ['Memory of connections, the most that was seen', 'MB'],
    [
      [`${events.toLocaleString('en-US')} events waiting: until a tenth is taken in`, String(tenthMb)],
      ['until all is', String(peakMb)],
      [`${stuckEvents.toLocaleString('en-US')} events behind a stuck key, as many beside it, then the key goes on`, String(stuckPeakMb)],
    ],
  );
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map((_, i) => (i ? '---:' : '---')), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
