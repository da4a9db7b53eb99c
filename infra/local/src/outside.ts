import { mustBeUsable } from './databases.ts';
import { Failure } from './failure.ts';
import { brokerAnswers, type SideDoor, startKafka } from './kafka.ts';
import type { Ports } from './ports.ts';
import { startPostgres } from './postgres.ts';
import type { Processes } from './processes.ts';
import type { Secrets } from './secrets.ts';

type Environment = Readonly<Record<string, string | undefined>>;
export interface Servers {
  readonly processes: Processes;
  readonly ports: Ports;
  readonly secrets: Secrets;
  readonly env: Environment;
  readonly log: (line: string) => void;
  readonly durable: boolean;
  readonly sideDoor?: SideDoor | undefined;
}
/** Something a stack leans on, and in a person's words where it comes from. */
export interface Source<T> {
  readonly value: T;
  readonly how: string;
}

/** The administrator's URL of the database: the one named in DATABASE_URL, or our own Postgres. */
export async function database({ processes, ports, secrets, env, log, durable }: Servers): Promise<Source<string>> {
  if (env.DATABASE_URL) {
    await mustBeUsable(env.DATABASE_URL);
    return { value: env.DATABASE_URL, how: 'Postgres of DATABASE_URL' };
  }
  const { adminUrl } = await startPostgres({ processes, port: ports.postgres, password: secrets.postgresPassword, log, durable });
  return { value: adminUrl, how: 'Postgres 18 (npm package)' };
}

/** The brokers: those named in KAFKA_BROKERS, or our own. `stop` ends what is not a child process (a container). */
export async function kafka({ processes, ports, env, log, sideDoor }: Servers): Promise<Source<string> & { stop(): Promise<void> }> {
  if (env.KAFKA_BROKERS) {
    if (!(await brokerAnswers(env.KAFKA_BROKERS, 15_000)))
      throw new Failure(`No Kafka broker answers at ${env.KAFKA_BROKERS} (KAFKA_BROKERS).`);
    return { value: env.KAFKA_BROKERS, how: 'Kafka of KAFKA_BROKERS', stop: async () => {} };
  }
  const { brokers, how, stop } = await startKafka({
    processes,
    port: ports.kafka,
    controllerPort: ports.kafkaController,
    ...(sideDoor && { sideDoor }),
    log,
  });
  return { value: brokers, how, stop };
}
