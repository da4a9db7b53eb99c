import { build, run } from './build.ts';
import { command } from './failure.ts';

// The measuring is done by programs of packages/e2e, which has to be built first. What the build says goes to stderr: `--json` owns stdout.
await command(async () => {
  const [, , ...all] = process.argv;
  const [first = ''] = all;
  const [main, args] = first === 'audit' || first === 'runs' ? [`${first}-main`, all.slice(1)] : ['main', all];
  if (!args.includes('--no-build') && !args.includes('--help')) await build((line) => void process.stderr.write(`${line}\n`));
  return run('node', [`packages/e2e/dist/bench/${main}.js`, ...args]);
});
