import { randomUUID } from 'node:crypto';
import { deadLetterServices, deadLetterTopic, events } from '@gatehouse/contracts';
import { Kafka, logLevel } from 'kafkajs';
/** Reads every topic from its beginning, as any subscriber may, and remembers all of it. */
export class Watcher {
  seen = [];
  consumer;
  constructor(consumer) {
    this.consumer = consumer;
  }
  static async start(brokers) {
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
  of(topic, matches = () => true) {
    return this.seen.filter((one) => one.topic === topic && matches(one));
  }
  async stop() {
    await this.consumer.disconnect();
  }
  remember(topic, key, value, headers) {
    const body = value?.toString('utf8') ?? '';
    const texts = Object.fromEntries(Object.entries(headers).map(([name, header]) => [name, String(header)]));
    this.seen.push({ topic, key: key?.toString('utf8') ?? '', headers: texts, body, data: parsed(body) });
  }
}
function parsed(body) {
  try {
    return JSON.parse(body);
  } catch {
    return {};
  }
}
//# sourceMappingURL=watcher.js.map
