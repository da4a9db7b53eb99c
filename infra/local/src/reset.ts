import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { command } from './failure.ts';
import { removeRun } from './leftover-runs.ts';
import { postgresHome } from './postgres-home.ts';
import { Processes } from './processes.ts';
import { DATA } from './root.ts';

// Clears the data of `npm start`, with its secrets and logs, and what tests and demos left. Those that are going on stay.
await command(async () => {
  if (!existsSync(DATA)) return;
  await (await Processes.open(DATA)).close(); // ends leftovers; refuses while the system runs
  const home = postgresHome(DATA);
  if (home !== DATA) rmSync(home, { recursive: true, force: true });
  for (const name of readdirSync(DATA)) {
    if (/^(test-|demo)/.test(name)) await removeRun(join(DATA, name));
    else rmSync(join(DATA, name), { recursive: true, force: true });
  }
  process.stdout.write('.data/ is cleared: the next start makes everything anew. A database named in DATABASE_URL is not touched.\n');
});
