import { parseArgs } from 'node:util';
import { command, Failure, type Processes } from '@gatehouse/local';
import { isolation } from '../isolation/isolation.js';
import { type CampaignOptions, campaign } from './campaign.js';
import { isIsolationMutation, isMutation, isolationMutations, type Mutation, mutated, mutations } from './mutations.js';

const HELP = `npm run faults: the whole system under load while its processes, its broker and its database are killed; then counts.

  npm run faults -- --kills 50 --seed 7     so many kills (50), by the choices of a seed (random)
  npm run faults -- --json                  one object on stdout; progress on stderr
  npm run faults -- --without inbox         with one safeguard taken out, which must not go unnoticed: all of them in turn, or ${Object.keys(mutations).join(', ')}
  npm run faults -- --outages               also the broker away for 60 s and Postgres for 30 s (always, from 200 kills on)
  npm run faults -- --replicas 1            so many processes of each service (2)
  npm run faults -- --isolation             instead: many users' runs with a hostile model; nothing of anybody else's may be touched
  npm run faults -- --isolation --users 20 --without pin     the same without a safeguard: ${Object.keys(isolationMutations).join(', ')}
  npm run faults -- --no-build              with what is built already

Ends with 1 when an invariant does not hold. Bounded: 60 seconds and 5 for each kill, then the reckoning.
`;
let processes: Processes | undefined;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => void Promise.resolve(processes?.close()).finally(() => process.exit(130)));
}

await command(async () => {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean', short: 'h' },
      kills: { type: 'string', default: '50' },
      seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000)) },
      json: { type: 'boolean' },
      without: { type: 'string' },
      outages: { type: 'boolean' },
      replicas: { type: 'string', default: '2' },
      isolation: { type: 'boolean' },
      users: { type: 'string', default: '200' },
      'no-build': { type: 'boolean' },
    },
  });
  const say = (line: string) => void (values.json ? process.stderr : process.stdout).write(`${line}\n`);
  if (values.help) return void say(HELP);
  if (values.isolation) return attack(wholeNumber('users', values.users), values.without, say);
  const [kills, seed] = [wholeNumber('kills', values.kills), wholeNumber('seed', values.seed)];
  const options: CampaignOptions = {
    kills,
    seed,
    replicas: wholeNumber('replicas', values.replicas),
    outages: values.outages ?? kills >= 200,
    seconds: 60 + 5 * kills + (values.outages ? 180 : 0),
    log: say,
    onProcesses: (opened) => {
      processes = opened;
    },
  };
  const { without } = values;
  if (without === 'all') return withoutEach(options, say);
  if (without !== undefined && !isMutation(without))
    throw new Failure(`--without is all, or one of: ${Object.keys(mutations).join(', ')}.`);
  if (without) say(`Without ${without}: ${mutations[without].means}`);
  const { report, violations, notes } = without ? await mutated(without, () => campaign(options)) : await campaign(options);
  if (report.kills < kills) say(`Only ${report.kills} of ${kills} kills fitted into the time.`);
  for (const [what, much] of notes) say(`| ${what} | ${much} |`);
  for (const violation of violations) say(`VIOLATED  ${violation}`);
  say(summary(report));
  say(violations.length ? 'The invariants do not hold.' : 'The invariants hold.');
  if (values.json) process.stdout.write(`${JSON.stringify(report)}\n`);
  return violations.length ? 1 : 0;
});
process.exit();

/** Runs of many users with a model that tries to act for others. 1 when it did. */
async function attack(users: number, without: string | undefined, say: (line: string) => void): Promise<number> {
  if (without !== undefined && !isIsolationMutation(without))
    throw new Failure(`--without is one of: ${Object.keys(isolationMutations).join(', ')}.`);
  if (without) say(`Without ${without}: ${isolationMutations[without].means}`);
  const work = () =>
    isolation({
      users,
      runsPerUser: 10,
      log: say,
      onProcesses: (opened) => {
        processes = opened;
      },
    });
  const { violations, settled, attempts, ...counted } = await (without ? mutated(without, work) : work());
  for (const violation of violations.slice(0, 10)) say(`VIOLATED  ${violation}`);
  say(summary({ ...counted, ...attempts, ...settled }));
  say(violations.length ? `Isolation does not hold: ${violations.length} breaches.` : 'Isolation holds.');
  return violations.length ? 1 : 0;
}

/** All safeguards in turn; a table of what became of it. 1 when one goes unnoticed of which that is not known. */
async function withoutEach(options: CampaignOptions, say: (line: string) => void): Promise<number> {
  const rows: string[] = [];
  let unnoticed = 0;
  for (const name of Object.keys(mutations).filter(isMutation)) {
    const { means, harmless }: Mutation = mutations[name];
    const { report, violations } = await mutated(name, () => campaign({ ...options, log: () => {}, settleMs: 20_000 }));
    if (violations.length === 0 && !harmless) unnoticed++;
    const result = violations.length ? `**red**: ${violations[0]}` : 'green';
    rows.push(`| \`${name}\` | ${means} | ${result}; ${summary(report)} |`);
    say(rows.at(-1) ?? '');
  }
  say(unnoticed ? `${unnoticed} went unnoticed.` : 'None went unnoticed that should not.');
  return unnoticed ? 1 : 0;
}

function summary(report: object): string {
  return Object.entries(report)
    .map(([name, value]) => `${name} ${value}`)
    .join(' · ');
}

function wholeNumber(name: string, text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0) throw new Failure(`--${name} is a whole number.`);
  return number;
}
