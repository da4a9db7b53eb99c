import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { command, DATA, Failure, type Processes, startStack } from '@gatehouse/local';
import { Issuer } from './issuer.js';
import { tellStory } from './story/tell-story.js';

const HELP = `npm run demo: the main story, told and checked, on ports and data of its own.

  npm run demo -- --replicas 2   the same with two processes of each app
  npm run demo -- --no-build     with what is built already

COMPOSIO_DRIVER=legacy plays it with Composio's older SDK. Ends with 1 at the first step that does not hold; then the logs are kept in .data/demo/logs.
`;
const DIRECTORY = join(DATA, 'demo');
const log = (line: string) => void process.stdout.write(`${line}\n`);
let processes: Processes | undefined;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => void Promise.resolve(processes?.close()).finally(() => process.exit(130)));
}

await command(async () => {
  const { values } = parseArgs({
    options: { help: { type: 'boolean', short: 'h' }, replicas: { type: 'string', default: '1' }, 'no-build': { type: 'boolean' } },
  });
  if (values.help) return void log(HELP);
  const replicas = Number(values.replicas);
  if (!Number.isInteger(replicas) || replicas < 1 || replicas > 4) throw new Failure('--replicas is a number from 1 to 4.');
  await play(replicas);
});
process.exit();

async function play(replicas: number): Promise<void> {
  const began = Date.now();
  const issuer = await Issuer.start();
  try {
    const stack = await startStack({
      dataDir: DIRECTORY,
      ports: 'free',
      replicas,
      durable: false,
      fresh: true,
      log,
      onProcesses: (opened) => {
        processes = opened;
      },
      env: {
        COMPOSIO_DRIVER: process.env.COMPOSIO_DRIVER,
        AUTH_TRUSTED_ISSUERS: issuer.setting,
        SWEEP_INTERVAL_SECONDS: '2',
        DIGEST_MINUTES: '0',
      },
    });
    try {
      log('');
      const { gateway = '', sandbox = '' } = stack.urls;
      await tellStory({ gateway: stack.publicUrl, sandbox, brokers: stack.brokers }, issuer, log);
      nothingBrokeUnseen();
      log(`\nThe story holds (${replicas} of each app at ${gateway}, ${((Date.now() - began) / 1000).toFixed(0)} s).`);
    } catch (error) {
      throw new Failure(
        `The story does not hold: ${error instanceof Error ? error.message : String(error)}\nThe services' logs are in .data/demo/logs.`,
      );
    } finally {
      await stack.stop();
    }
  } finally {
    await issuer.close();
  }
  rmSync(DIRECTORY, { recursive: true, force: true });
}

/** A chore that fails at every tick is only a line in a log, and the story would hold without it. */
function nothingBrokeUnseen(): void {
  const logs = join(DIRECTORY, 'logs');
  for (const file of readdirSync(logs)) {
    const line = readFileSync(join(logs, file), 'utf8')
      .split('\n')
      .find((text) => /"sqlState":"(42|22|23)|"level":"fatal"/.test(text));
    if (line) throw new Error(`${file} has an error that no step showed: ${line.slice(0, 500)}`);
  }
}
