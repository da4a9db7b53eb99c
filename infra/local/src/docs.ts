import { run } from './build.ts';
import { command, Failure } from './failure.ts';
import { writeGenerated } from './generated.ts';

// Makes docs/ and infra/kafka anew from the contracts.
await command(async () => {
  if (run('tsc', ['-b', 'packages/contracts']) !== 0) throw new Failure('The contracts do not compile: the messages are above.');
  const changed = await writeGenerated();
  process.stdout.write(changed.length ? `Written: ${changed.join(', ')}\n` : 'Everything is fresh.\n');
});
