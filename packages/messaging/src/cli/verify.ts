import { type ChainFault, hasChains, verifyChains } from '@gatehouse/persistence';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Command, Desk } from './commands.js';
import { type Address, type Service, within } from './databases.js';
import { printable } from './paper.js';
import { Usage } from './usage.js';

const LISTED = 50;
const PROGRESS_EVERY_MS = 2_000;

interface Report {
  readonly consumer: Service;
  users: number;
  rows: number;
  faultCount: number;
  readonly faults: ChainFault[];
}

/** Recomputes the chains of the logs of decisions, wherever a service keeps one. Exit code 1 if one does not hold. */
export const VERIFY: Command = {
  does: 'recompute the chains of all users and say where one was tampered with: user, number, what is wrong',
  options: ['user', 'limit', 'json', 'help'],
  run: verify,
};

async function verify({ wish, addresses, print, complain }: Desk): Promise<number> {
  const limit = wish.limit ?? LISTED;
  const reports: Report[] = [];
  for (const address of addresses) {
    const report = await within(address, async (em) =>
      (await hasChains(em)) ? check(em, { address, user: wish.user, limit, complain }) : undefined,
    );
    if (report) reports.push(report);
  }
  if (!reports.length) throw new Usage('No log of decisions in these databases: set AGENT_RUNNER_DATABASE_URL.');
  const whole = reports.every(({ faultCount }) => faultCount === 0);
  if (wish.json) print(JSON.stringify({ whole, reports }));
  else for (const text of reports.flatMap((report) => page(report, wish.user))) print(printable(text));
  return whole ? 0 : 1;
}

interface Check {
  readonly address: Address;
  readonly user: string | undefined;
  readonly limit: number;
  complain(text: string): void;
}

async function check(em: EntityManager, { address, user, limit, complain }: Check): Promise<Report> {
  const report: Report = { consumer: address.service, users: 0, rows: 0, faultCount: 0, faults: [] };
  let told = performance.now();
  for await (const batch of verifyChains(em, user)) {
    report.users += batch.users;
    report.rows += batch.rows;
    report.faultCount += batch.faultCount;
    report.faults.push(...batch.faults.slice(0, limit - report.faults.length));
    if (performance.now() - told < PROGRESS_EVERY_MS) continue;
    told = performance.now();
    complain(`${address.service}: ${sums(report)} so far, ${wrong(report)}`);
  }
  return report;
}

function page(report: Report, user: string | undefined): string[] {
  const { consumer, users, faults, faultCount } = report;
  if (!users) return [`${consumer}: ${user === undefined ? 'no decision is kept' : `no decision of ${user} is kept`}.`];
  return [
    `${consumer}: ${sums(report)}, ${wrong(report)}.`,
    ...faults.map(({ userId, seq, fault, says }) => `  ${userId}  ${seq}  ${fault}: ${says}`),
    ...(faultCount > faults.length ? [`  … and ${faultCount - faults.length} more`] : []),
  ];
}

const many = (n: number, one: string) => `${n} ${one}${n === 1 ? '' : 's'}`;
const sums = ({ rows, users }: Report) => `${many(rows, 'decision')} of ${many(users, 'user')}`;
const wrong = ({ faultCount }: Report) => (faultCount ? `${many(faultCount, 'fault')}` : 'every chain holds');
