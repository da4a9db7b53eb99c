import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';

export interface Stored {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** When the broker took it, in milliseconds since 1970. */
  readonly at: number;
}

/** Everything that stands in these topics now, each partition in its order. */
export async function readTopics(brokers: string, topics: readonly string[]): Promise<Stored[]> {
  const kafka = new Kafka({ clientId: 'checker', brokers: brokers.split(','), logLevel: logLevel.NOTHING });
  const missing = await ends(kafka, topics);
  const found: Stored[] = [];
  if (missing.size === 0) return found;
  const consumer = kafka.consumer({ groupId: `checker.${randomUUID()}`, maxWaitTimeInMs: 100 });
  await consumer.connect();
  try {
    await consumer.subscribe({ topics: [...topics], fromBeginning: true });
    await new Promise<void>((done, failed) => {
      const timer = setTimeout(() => failed(new Error('the topics cannot be read to their ends within 90 s')), 90_000);
      void consumer.run({
        eachBatch: async ({ batch: { topic, partition, messages } }) => {
          for (const message of messages) found.push(stored(topic, partition, message));
          const id = `${topic}/${partition}`;
          const end = missing.get(id);
          if (end !== undefined && BigInt(messages.at(-1)?.offset ?? -1) + 1n >= end) missing.delete(id);
          if (missing.size > 0) return;
          clearTimeout(timer);
          done();
        },
      });
    });
  } finally {
    await consumer.disconnect();
  }
  return found;
}

/** The end of each partition that has anything in it. */
async function ends(kafka: Kafka, topics: readonly string[]): Promise<Map<string, bigint>> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const all = new Map<string, bigint>();
    for (const topic of topics) {
      for (const { partition, high, low } of await admin.fetchTopicOffsets(topic)) {
        if (BigInt(high) > BigInt(low)) all.set(`${topic}/${partition}`, BigInt(high));
      }
    }
    return all;
  } finally {
    await admin.disconnect();
  }
}

interface Message {
  offset: string;
  timestamp: string;
  key: Buffer | null;
  value: Buffer | null;
  headers?: Record<string, unknown>;
}

function stored(topic: string, partition: number, { offset, timestamp, key, value, headers = {} }: Message): Stored {
  return {
    topic,
    partition,
    offset,
    key: key?.toString('utf8') ?? '',
    headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, String(text)])),
    body: value?.toString('utf8') ?? '',
    at: Number(timestamp),
  };
}
