import { randomUUID } from 'node:crypto';
import { deadLetterServices, deadLetterTopic, events } from '@gatehouse/contracts';
import { type Consumer, Kafka, logLevel } from 'kafkajs';

export interface Seen {
  topic: string;
  key: string;
  headers: Record<string, string>;
  body: string;
  data: Record<string, unknown>;
}

/** Reads every topic from its beginning, as any subscriber may, and remembers all of it. */
export class Watcher {
  readonly seen: Seen[] = [];
  private readonly consumer: Consumer;

  private constructor(consumer: Consumer) {
    this.consumer = consumer;
  }

  static async start(brokers: string): Promise<Watcher> {
    const kafka = new Kafka({ clientId: 'watcher', brokers: brokers.split(','), logLevel: logLevel.NOTHING });
    const consumer = kafka.consumer({ groupId: `watcher.${randomUUID()}`, maxWaitTimeInMs: 100 });
    const watcher = new Watcher(consumer);
    await consumer.connect();
    await consumer.subscribe({
      topics: [...events.map(({ type }) => type), ...deadLetterServices.map(deadLetterTopic)],
      fromBeginning: true,
    });
    await consumer.run({
      eachMessage: async ({ topic, message }) => {
        watcher.remember(topic, message.key, message.value, message.headers ?? {});
      },
    });
    return watcher;
  }

  of(topic: string, matches: (seen: Seen) => boolean = () => true): Seen[] {
    return this.seen.filter((one) => one.topic === topic && matches(one));
  }

  async stop(): Promise<void> {
    await this.consumer.disconnect();
  }

  private remember(topic: string, key: Buffer | null, value: Buffer | null, headers: Record<string, unknown>): void {
    const body = value?.toString('utf8') ?? '';
    const texts = Object.fromEntries(Object.entries(headers).map(([name, header]) => [name, String(header)]));
    this.seen.push({ topic, key: key?.toString('utf8') ?? '', headers: texts, body, data: parsed(body) });
  }
}

function parsed(body: string): Record<string, unknown> {
  try {
    return JSON.parse(body) as Record<string, unknown>;
  } catch {
    return {};
  }
}
