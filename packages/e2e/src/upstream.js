import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
/** A product's own service as Gatehouse sees it: a plain Kafka client that writes CloudEvents in binary mode and shares no code with us. */
export class Upstream {
  producer;
  constructor(producer) {
    this.producer = producer;
  }
  static async connect(brokers) {
    const kafka = new Kafka({ clientId: 'upstream', brokers: brokers.split(','), logLevel: logLevel.NOTHING });
    const producer = kafka.producer({ allowAutoTopicCreation: false });
    await producer.connect();
    return new Upstream(producer);
  }
  async publish({ type, data, key, id = randomUUID(), source = '/product/users', times = 1, body }) {
    const user = key ?? String(data.userId);
    const headers = {
      ce_specversion: '1.0',
      ce_id: id,
      ce_type: type,
      ce_source: source,
      ce_time: new Date().toISOString(),
      ce_subject: String(data?.userId ?? user),
      'content-type': 'application/json',
    };
    const message = { key: user, value: body ?? JSON.stringify(data), headers };
    await this.producer.send({ topic: type, acks: -1, messages: Array.from({ length: times }, () => message) });
    return id;
  }
  async close() {
    await this.producer.disconnect();
  }
}
//# sourceMappingURL=upstream.js.map
