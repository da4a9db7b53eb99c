import { command, Failure } from './failure.ts';
import { brokerAnswers } from './kafka.ts';
import { createTopics } from './topics.ts';

// The `setup` job of docker-compose.yml: makes the topics, and tells the sandbox where identity is verified. (Its webhook takes no plain
// http to another host, so with containers the sweep finds what breaks.)
await command(async () => {
  const { KAFKA_BROKERS = 'kafka:9092', SANDBOX_URL, PUBLIC_URL = 'http://localhost:3000' } = process.env;
  if (!(await brokerAnswers(KAFKA_BROKERS, 60_000))) throw new Failure(`No Kafka broker answers at ${KAFKA_BROKERS}.`);
  const made = await createTopics(KAFKA_BROKERS);
  process.stdout.write(made.length ? `Topics made: ${made.join(', ')}\n` : 'All topics are there.\n');
  if (!SANDBOX_URL) return;
  const answer = await fetch(`${SANDBOX_URL}/_emulator/project?project=local`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ verifierUrl: `${PUBLIC_URL}/connect/verify` }),
  });
  if (!answer.ok) throw new Failure(`The sandbox refuses its settings: ${answer.status} ${await answer.text()}`);
});
