import { z } from 'zod';
import { userId } from './ids.js';

/** Apps that may write a topic. `upstream` is a product's own service. */
export type Producer = 'identity' | 'connections' | 'agent-runner' | 'auditor' | 'notifier' | 'upstream';

type EventShape = { userId: z.ZodType<string> } & Record<string, z.ZodType>;
export type EventData = z.ZodObject<EventShape>;

/**
 * One kind of event. Topic = `type`, Kafka key = `data.userId`, so all facts of one user and kind keep their order.
 * `strict` is what a producer is held to (an unknown field is a mistake); `tolerant` is what a consumer reads: fields that it does
 * not know are dropped and an enum value that it does not know is read as `unknown`, so that a newer producer breaks nobody.
 */
export interface EventContract<T extends EventData = EventData> {
  readonly type: string;
  readonly producers: readonly Producer[];
  readonly data: T;
  readonly strict: T;
  readonly tolerant: T;
  readonly partitions: number;
  readonly retentionDays: number;
}

/** An event as a consumer gets it: the envelope is checked (`key = ce_subject = data.userId`, topic = `ce_type`), `data` is parsed. */
export interface EventOf<C extends EventContract> {
  /** A UUID: `ce_id` of our own producers, else made from `ce_source` and `ce_id`. The inbox is keyed by it. */
  readonly id: string;
  readonly type: C['type'];
  readonly source: string;
  readonly time: Date;
  readonly traceparent: string | undefined;
  readonly data: z.output<C['data']>;
}

/** Makes an event contract. Topics with many events get 24 partitions, others 6; a topic keeps 7 days. */
export function defineEvent<T extends EventData>(definition: {
  type: string;
  producer: Producer | readonly Producer[];
  data: T;
  partitions?: number;
  retentionDays?: number;
}): EventContract<T> {
  const { type, producer, data, partitions = 6, retentionDays = 7 } = definition;
  if (data.shape.userId !== userId) throw new Error(`${type}: the field userId is not the contract userId`);
  return {
    type,
    producers: typeof producer === 'string' ? [producer] : producer,
    data,
    strict: data.strict() as unknown as T,
    tolerant: tolerant(data) as T,
    partitions,
    retentionDays,
  };
}

/** An enum that may grow: a consumer older than its producer reads a new value as `unknown`. */
export function openEnum<const V extends readonly [string, ...string[]]>(values: V) {
  return z.enum([...values, 'unknown'] as [...V, 'unknown']);
}

function tolerant(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodObject) {
    const shape = schema.shape as Record<string, z.ZodType>;
    const copy = z.object(Object.fromEntries(Object.entries(shape).map(([key, value]) => [key, tolerant(value)])));
    return copy;
  }
  if (schema instanceof z.ZodArray) {
    const element = tolerant(schema.element as z.ZodType);
    // Limits of the array are kept; only what stands in it is read with tolerance.
    return element === schema.element ? schema : new z.ZodArray({ ...schema.def, element } as never);
  }
  if (schema instanceof z.ZodOptional) return tolerant(schema.unwrap() as z.ZodType).optional();
  if (schema instanceof z.ZodNullable) return tolerant(schema.unwrap() as z.ZodType).nullable();
  if (schema instanceof z.ZodEnum && schema.options.includes('unknown')) {
    // Only an unseen *string* becomes `unknown`: a number or null in its place is a broken event.
    return z.string().transform((value) => (schema.options.includes(value) ? value : 'unknown'));
  }
  return schema;
}
