import { probe, startProbe } from './probe-app.ts';

// The probe as a process, to be killed: `node probe-process.ts <name>`. It says `joined` once it reads its topics.
const app = await startProbe(probe(process.argv[2] ?? ''), {
  DATABASE_URL: process.env.DATABASE_URL ?? '',
  KAFKA_BROKERS: process.env.KAFKA_BROKERS ?? '',
  LOG_LEVEL: 'warn',
  ...(process.env.FAIL_POINT && { FAIL_POINT: process.env.FAIL_POINT }),
});
await app.startAllMicroservices();
process.on('SIGTERM', () => void app.close().then(() => process.exit(0)));
