import { gatehouse } from './gatehouse.js';

// The operator's command line, as a process: `node packages/messaging/dist/cli/main.js dead-letters list`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error; // `| head` has seen enough
});
process.exitCode = await gatehouse(process.argv.slice(2), process.env, {
  print: (text) => void process.stdout.write(`${text}\n`),
  printBytes: (bytes) => void process.stdout.write(bytes),
  complain: (text) => void process.stderr.write(`${text}\n`),
});
