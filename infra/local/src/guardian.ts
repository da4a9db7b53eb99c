import { gone } from './process-table.ts';
import { endAll, forgetRunning, readRunning } from './record.ts';

// Outlives a parent that was killed, and ends the children which it could not. Its standard input is a pipe to the parent: the end of
// it is the parent's end. `done` before that says that the parent has cleaned up by itself.
const [dataDir = '', parentPid = ''] = process.argv.slice(2);
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => {});

let heard = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', (text: string) => {
  heard += text;
});
process.stdin.on('close', () => void finish());

async function finish(): Promise<void> {
  if (heard.includes('done')) process.exit(0);
  const running = readRunning(dataDir);
  // The pipe ends a moment before its process does.
  if (running?.parent.pid === Number(parentPid) && (await gone(running.parent, 5_000))) {
    await endAll(running.children, 5_000);
    if (readRunning(dataDir)?.parent.pid === running.parent.pid) forgetRunning(dataDir);
  }
  process.exit(0);
}
