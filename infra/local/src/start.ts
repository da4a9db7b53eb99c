import { parseArgs } from 'node:util';
import { build } from './build.ts';
import { command, Failure, sentence } from './failure.ts';
import { watchNpm } from './npm-parent.ts';
import { PORTS } from './ports.ts';
import type { Processes } from './processes.ts';
import { DATA } from './root.ts';
import { type Stack, startStack } from './stack.ts';
import { supervise } from './supervise.ts';

const HELP = `npm start: the whole system on this machine, each service as a process of its own. Ctrl-C stops it.

  npm start -- --replicas 2     two processes of each app
  npm start -- --no-build       what is built already

Data, logs and secrets are in .data/ and survive; "npm run reset" clears them.
These variables replace a local part each:
  DATABASE_URL        an administrator's URL of Postgres 18 or newer
  KAFKA_BROKERS       host:port, comma-separated (KAFKA_USERNAME, KAFKA_PASSWORD)
  COMPOSIO_API_KEY    the real Composio (COMPOSIO_DRIVER=core or legacy)
  OPENAI_API_KEY      a real model (OPENAI_BASE_URL for another provider)
  SMTP_URL            real mail
Other settings of the services, such as SWEEP_INTERVAL_SECONDS, are passed on.
`;

const log = (line: string) => void process.stdout.write(`${line}\n`);
let processes: Processes | undefined;
let stack: Stack | undefined;
let asked = false;

await command(async () => {
  const { values } = parseArgs({
    options: { help: { type: 'boolean', short: 'h' }, replicas: { type: 'string', default: '1' }, 'no-build': { type: 'boolean' } },
  });
  if (values.help) return void log(HELP);
  const replicas = Number(values.replicas);
  if (!Number.isInteger(replicas) || replicas < 1 || replicas > 8) throw new Failure('--replicas is a number from 1 to 8.');
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop(signal));
  watchNpm(() => void stop('the end of npm'));
  const began = Date.now();
  log('Starting Gatehouse …');
  try {
    stack = await startStack({
      dataDir: DATA,
      ports: PORTS,
      replicas,
      env: process.env,
      log,
      prepare: async () => (values['no-build'] ? undefined : build(log)),
      onProcesses: (opened) => {
        processes = opened;
      },
    });
  } catch (error) {
    if (!asked) throw error;
    return; // it was told to stop while it was starting
  }
  tell(stack, began);
  supervise(stack, log, (why) => void stop(why, 1));
  await new Promise(() => {}); // until a signal
});
if (!asked) process.exit();

function tell({ publicUrl, urls, secrets, real, sandboxed }: Stack, began: number): void {
  log(`
Gatehouse is ready after ${((Date.now() - began) / 1000).toFixed(0)} s: ${publicUrl}

  real      ${real.join(', ')}
  sandbox   ${sandboxed.length ? `${sandboxed.join(', ')}: see ${urls.sandbox?.replace('127.0.0.1', 'localhost')}` : 'nothing'}
  logs      .data/logs/<name>.log

  PRODUCT_KEY=${secrets.productKey}
  OPERATOR_KEY=${secrets.operatorKey}

Ctrl-C stops everything.`);
  if (real.includes('Composio') && process.env.CONNECT_VERIFIER !== 'true') {
    log(`
Composio is real, and nothing here proves yet who comes back from its connect page. Set the project's verifier URL to
<your public https address>/connect/verify and CONNECT_VERIFIER=true, or CONNECT_UNVERIFIED=true to try it alone on this machine.`);
  }
}

/** Stops all in order, once; asked a second time, at once. */
async function stop(why: string, code = 0): Promise<void> {
  if (asked) {
    processes?.abandon();
    process.exit(1);
  }
  asked = true;
  log(`\nStopping (${why}) …`);
  try {
    if (stack) await stack.stop();
    else await processes?.close();
  } catch (error) {
    process.stderr.write(`${sentence(error)}\n`);
    process.exit(1);
  }
  log('Stopped; no process is left.');
  process.exit(code);
}
