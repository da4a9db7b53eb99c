import { build, run } from './build.ts';
import { command } from './failure.ts';

// The measuring is a program of packages/e2e, which has to be built first. What the build says goes to stderr: `--json` owns stdout.
await command(async () => {
  if (!process.argv.includes('--no-build') && !process.argv.includes('--help'))
    await build((line) => void process.stderr.write(`${line}\n`));
  return run('node', ['packages/e2e/dist/bench/main.js', ...process.argv.slice(2)]);
});
