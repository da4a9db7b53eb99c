import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { command, DATA, type Processes } from '@gatehouse/local';
import { Lab } from './lab.js';
import { machineOf } from './machine.js';
import { measureRuns, type RunSizes, runsJson, runsTable } from './runs.js';

const HELP = `npm run bench:runs: what a run costs beside the same LangGraph graph with nothing around it.

  npm run bench:runs -- --quick        few runs, to see that it works
  npm run bench:runs -- --json         one JSON object on stdout, all else on stderr
  npm run bench:runs -- --no-build     with what is built already

A broker, a durable database and an agent-runner of its own; model, tool and gate answer at once. About four minutes.
`;
const DIRECTORY = join(DATA, 'bench-runs');
const FULL: RunSizes = { rounds: 5, alone: 200, together: 800, queued: 20_000, claims: 3_000 };
const QUICK: RunSizes = { rounds: 1, alone: 50, together: 200, queued: 2_000, claims: 500 };
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
      'no-build': { type: 'boolean' },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  const tell = (line: string) => void (values.json ? process.stderr : process.stdout).write(`${line}\n`);
  const lab = await Lab.start(DIRECTORY, tell, (opened) => {
    processes = opened;
  });
  try {
    for (const line of await machineOf(lab)) tell(`- ${line}`);
    const found = await measureRuns(lab, values.quick ? QUICK : FULL, tell);
    tell(`\n${runsTable(found)}`);
    if (values.json) process.stdout.write(`${JSON.stringify(runsJson(found))}\n`);
  } finally {
    await lab.stop();
  }
  rmSync(DIRECTORY, { recursive: true, force: true });
});
process.exit();
