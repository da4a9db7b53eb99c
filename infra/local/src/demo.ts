import { build, run } from './build.ts';
import { command } from './failure.ts';

// The story is a program of packages/e2e, which has to be built first.
await command(async () => {
  if (!process.argv.includes('--no-build') && !process.argv.includes('--help'))
    await build((line) => void process.stdout.write(`${line}\n`));
  return run('node', ['packages/e2e/dist/demo.js', ...process.argv.slice(2)]);
});
