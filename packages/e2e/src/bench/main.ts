import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { command, DATA, type Processes } from '@gatehouse/local';
import { measureGate } from './gate.js';
import { measureGrowth, seed } from './growth.js';
import { measureIntake } from './intake.js';
import { Lab } from './lab.js';
import { measureLatency } from './latency.js';
import { machineOf } from './machine.js';
import { profileIntake } from './profile.js';
import { measureRelay } from './relay.js';
import { json, type Measured, tables } from './report.js';
import { FULL, QUICK, type Sizes } from './sizes.js';
import { userIds } from './users.js';

const HELP = `npm run bench: how fast events are taken in and sent on, and what the gate costs, on a broker and a durable database of its own.

  npm run bench -- --quick       small numbers, to see that it runs; its figures mean little
  npm run bench -- --json        one JSON object on stdout, all else on stderr
  npm run bench -- --profile     instead: where the connections service spends its time while it takes events in
  npm run bench -- --no-build    with what is built already

Takes some eight minutes. Run nothing else meanwhile: sides are measured in turn, so ratios bear noise better than figures do.
`;
const DIRECTORY = join(DATA, 'bench');
const GATE_USERS = 10_000;
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
      profile: { type: 'boolean' },
      'no-build': { type: 'boolean' },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  const tell = (line: string) => void (values.json ? process.stderr : process.stdout).write(`${line}\n`);
  const sizes = values.quick ? QUICK : FULL;
  const lab = await Lab.start(DIRECTORY, tell, (opened) => {
    processes = opened;
  });
  try {
    if (values.profile) await showProfile(lab, sizes, tell);
    else {
      const measured = await measure(lab, sizes, tell);
      tell(`\n${tables(measured)}`);
      if (values.json) process.stdout.write(`${JSON.stringify(json(measured))}\n`);
    }
  } finally {
    await lab.stop();
  }
  rmSync(DIRECTORY, { recursive: true, force: true });
});
process.exit();

async function measure(lab: Lab, sizes: Sizes, tell: (line: string) => void): Promise<Measured> {
  const began = Date.now();
  const step = (line: string) => tell(`${line} (${Math.round((Date.now() - began) / 1000)} s)`);
  const machine = await machineOf(lab);
  step('Intake: all sides in turn');
  const intake = await measureIntake(lab, sizes, tell);
  step('Relay: a full outbox');
  const relay = await measureRelay(lab, sizes, tell);
  step('Latency: 500 events a second');
  const latency = await measureLatency(lab, sizes);
  step('Gate: 500 questions a second');
  const users = Math.min(GATE_USERS, sizes.growth[0] ?? GATE_USERS);
  await seed(lab, 1, users);
  const gate = await measureGate(lab, sizes, userIds('seed', users));
  await lab.processes.stop('connections');
  step('Growth');
  const growth = await measureGrowth(lab, sizes, users, tell);
  step('Done');
  return { machine, intake, relay, latency, gate, growth };
}

async function showProfile(lab: Lab, sizes: Sizes, tell: (line: string) => void): Promise<void> {
  const { packages, functions } = await profileIntake(lab, sizes);
  for (const { what, share } of [...packages, ...functions]) tell(`${(share * 100).toFixed(1).padStart(5)} %  ${what}`);
}
