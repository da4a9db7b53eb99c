import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { command, DATA, type Processes } from '@gatehouse/local';
import { type AuditSizes, auditJson, auditTable, measureAudit } from './audit.js';
import { Lab } from './lab.js';
import { machineOf } from './machine.js';

const HELP = `npm run bench:audit: what a sweep of a million connections asks of Composio, against one call a user.

  npm run bench:audit -- --quick        20,000 connections, to see that it runs
  npm run bench:audit -- --json         one JSON object on stdout, all else on stderr
  npm run bench:audit -- --no-build     with what is built already

A broker, a durable database, the sandbox and two auditors of its own; some minutes.
`;
const DIRECTORY = join(DATA, 'bench-audit');
const FULL: AuditSizes = { connections: 1_000_000, sample: 4000 };
const QUICK: AuditSizes = { connections: 20_000, sample: 500 };
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
    const found = await measureAudit(lab, values.quick ? QUICK : FULL, tell);
    tell(`\n${auditTable(found)}`);
    if (values.json) process.stdout.write(`${JSON.stringify(auditJson(found))}\n`);
  } finally {
    await lab.stop();
  }
  rmSync(DIRECTORY, { recursive: true, force: true });
});
process.exit();
