import { z } from 'zod';

const brokers = z
  .string()
  .transform((list) =>
    list
      .split(',')
      .map((broker) => broker.trim())
      .filter(Boolean),
  )
  .refine((list) => list.length > 0, 'Name at least one broker as host:port');

/** Places where a process can be told to die, as by `kill -9`. */
const FAIL_POINTS = [
  /** The broker has the events, and they are still in the outbox. */
  'relay.sent',
  /** The database has the effects, and the offset is not committed. */
  'consumer.committed',
  /** A person's yes was read, and nothing was done with it. */
  'run.approved',
  /** The journal says that a tool call is about to leave, and it has not. */
  'run.call-started',
  /** The provider did it, and its answer is not written down. */
  'run.call-answered',
  /** The journal has the result, and nobody was told. */
  'run.result-stored',
  /** The result is about to be put into the run's checkpoint. */
  'run.checkpointing',
] as const;

/** What an app that uses Kafka reads from its environment: `KAFKA_BROKERS` is a comma list of host:port. */
export const messagingEnv = {
  KAFKA_BROKERS: brokers,
  KAFKA_USERNAME: z.string().optional(),
  KAFKA_PASSWORD: z.string().optional(),
  /** Kills the process there, for tests of what a crash leaves behind; refused in production. */
  FAIL_POINT: z.enum(FAIL_POINTS).optional(),
};

export interface MessagingConfig {
  readonly app: string;
  readonly KAFKA_BROKERS: readonly string[];
  readonly KAFKA_USERNAME?: string | undefined;
  readonly KAFKA_PASSWORD?: string | undefined;
  /** Connections of the database pool; partitions handled at once stay four below it. */
  readonly DATABASE_POOL?: number | undefined;
  readonly NODE_ENV?: string | undefined;
  readonly FAIL_POINT?: FailPoint | undefined;
}

export type FailPoint = (typeof FAIL_POINTS)[number];

/** The token of the configuration that `MessagingModule.for` was given. */
export const MESSAGING_CONFIG = Symbol('gatehouse:messaging-config');
