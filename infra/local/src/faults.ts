import { build, run } from './build.ts';
import { command } from './failure.ts';

// The campaign is a program of packages/e2e, which has to be built first. With --json, stdout is for the one object.
await command(async () => {
  const args = process.argv.slice(2);
  const out = args.includes('--json') ? process.stderr : process.stdout;
  if (!args.includes('--no-build') && !args.includes('--help')) await build((line) => void out.write(`${line}\n`));
  return run('node', ['packages/e2e/dist/faults/main.js', ...args]);
});
