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

/** What an app that uses Kafka reads from its environment: `KAFKA_BROKERS` is a comma list of host:port. */
export const messagingEnv = {
  KAFKA_BROKERS: brokers,
  KAFKA_USERNAME: z.string().optional(),
  KAFKA_PASSWORD: z.string().optional(),
  /** Kills the process there, for tests of what a crash leaves behind; refused in production. */
  FAIL_POINT: z.enum(['relay.sent', 'consumer.committed']).optional(),
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

/** After the broker has the events, before they leave the outbox; after the database has the effects, before the offset is committed. */
export type FailPoint = 'relay.sent' | 'consumer.committed';

/** The token of the configuration that `MessagingModule.for` was given. */
export const MESSAGING_CONFIG = Symbol('gatehouse:messaging-config');
