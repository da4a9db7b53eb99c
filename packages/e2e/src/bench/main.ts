import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { command, DATA, Failure, type Processes } from '@gatehouse/local';
import { measureBacklog } from './backlog.js';
import { measureGate } from './gate.js';
import { measureGrowth, seed } from './growth.js';
import { measureIntake } from './intake.js';
import { Lab } from './lab.js';
import { measureLatency } from './latency.js';
import { machineOf } from './machine.js';
import { profileGate, profileIntake } from './profile.js';
import { measureRelay } from './relay.js';
import { json, type Measured, tables } from './report.js';
import { FULL, QUICK, type Sizes } from './sizes.js';
import { userIds } from './users.js';

const HELP = `npm run bench: how fast events are taken in and sent on, and what the gate costs, on a broker and a durable database of its own.

  npm run bench -- --quick              small numbers, to see that it runs; its figures mean little
  npm run bench -- --json               one JSON object on stdout, all else on stderr
  npm run bench -- --only relay,gate    some parts: intake, relay, gate, growth; or backlog
  npm run bench -- --profile intake     instead: where the connections service spends its time; or --profile gate
  npm run bench -- --no-build           with what is built already

Takes some ten minutes. Run nothing else meanwhile: sides are measured in turn, so ratios bear noise better than figures do.
`;
const DIRECTORY = join(DATA, 'bench');
const GATE_USERS = 10_000;
const USUAL = ['intake', 'relay', 'gate', 'growth'] as const;
const PARTS = [...USUAL, 'backlog'] as const;
type Part = (typeof PARTS)[number];
let processes: Processes | undefined;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => void Promise.resolve(processes?.close()).finally(() => process.exit(130)));
}

await command(async () => {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean', short: 'h' },
      json: { type: 'boolean' },
      quick: { type: 'boolean' },
      only: { type: 'string', default: USUAL.join(',') },
      profile: { type: 'string' },
      'no-build': { type: 'boolean' },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  const tell = (line: string) => void (values.json ? process.stderr : process.stdout).write(`${line}\n`);
  const sizes = values.quick ? QUICK : FULL;
  const parts = values.only.split(',').map((name) => {
    const part = PARTS.find((known) => known === name);
    if (!part) throw new Failure(`--only is a list of ${PARTS.join(', ')}.`);
    return part;
  });
  const lab = await Lab.start(DIRECTORY, tell, (opened) => {
    processes = opened;
  });
  try {
    if (values.profile) await showProfile(values.profile, lab, sizes, tell);
    else {
      const measured = await measure(lab, sizes, parts, tell);
      if (values.json) process.stdout.write(`${JSON.stringify(json(measured))}\n`);
    }
  } finally {
    await lab.stop();
  }
  rmSync(DIRECTORY, { recursive: true, force: true });
});
process.exit();

/** Each part is told as soon as it is there: a run that is broken off has not been for nothing. */
async function measure(lab: Lab, sizes: Sizes, parts: readonly Part[], tell: (line: string) => void): Promise<Measured> {
  const began = Date.now();
  const users = Math.min(GATE_USERS, sizes.growth[0] ?? GATE_USERS);
  const seeded = { users: 0 };
  const withUsers = async () => {
    if (!seeded.users) await seed(lab, 1, users);
    seeded.users = users;
  };
  const measuring: Record<Part, () => Promise<Measured>> = {
    intake: async () => ({ intake: await measureIntake(lab, sizes, tell) }),
    relay: async () => ({ relay: { perSecond: await measureRelay(lab, sizes, tell), latency: await measureLatency(lab, sizes) } }),
    gate: async () => {
      await withUsers();
      const gate = await measureGate(lab, sizes, userIds('seed', users));
      await lab.processes.stop('connections');
      return { gate };
    },
    growth: async () => {
      await withUsers();
      return { growth: await measureGrowth(lab, sizes, users, tell) };
    },
    backlog: async () => ({ backlog: await measureBacklog(lab, sizes) }),
  };
  for (const line of await machineOf(lab)) tell(`- ${line}`);
  let measured: Measured = {};
  for (const part of PARTS.filter((name) => parts.includes(name))) {
    const found = await measuring[part]();
    measured = { ...measured, ...found };
    tell(`\n${tables(found)}\n(after ${Math.round((Date.now() - began) / 1000)} s)`);
  }
  return measured;
}

async function showProfile(what: string, lab: Lab, sizes: Sizes, tell: (line: string) => void): Promise<void> {
  const { taken, packages, functions } = await (what === 'gate' ? profileGate : profileIntake)(lab, sizes);
  tell(
    `${Math.round(taken.perSecond)}/s while profiled; µs each: ${taken.cpu.own.toFixed(1)} own, ${taken.cpu.postgres.toFixed(1)} Postgres`,
  );
  for (const { what, share } of [...packages, ...functions]) tell(`${(share * 100).toFixed(1).padStart(5)} %  ${what}`);
}
