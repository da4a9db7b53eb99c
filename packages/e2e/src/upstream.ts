import { randomUUID } from 'node:crypto';
import { type IHeaders, Kafka, logLevel, type Producer } from 'kafkajs';

export interface Publication {
  type: string;
  data: unknown;
  /** The Kafka key; the data's user unless said otherwise. */
  key?: string;
  /** `ce_id`; a repeated one is the same event. */
  id?: string;
  /** `ce_source`; with the id it names the event. */
  source?: string;
  times?: number;
  /** Sent as it is, instead of the JSON of `data`. */
  body?: string | Buffer;
}

/** A product's own service as Gatehouse sees it: a plain Kafka client that writes CloudEvents in binary mode and shares no code with us. */
export class Upstream {
  private readonly producer: Producer;

  private constructor(producer: Producer) {
    this.producer = producer;
  }

  static async connect(brokers: string): Promise<Upstream> {
    const kafka = new Kafka({ clientId: 'upstream', brokers: brokers.split(','), logLevel: logLevel.NOTHING });
    const producer = kafka.producer({ allowAutoTopicCreation: false });
    await producer.connect();
    return new Upstream(producer);
  }

  async publish({ type, data, key, id = randomUUID(), source = '/product/users', times = 1, body }: Publication): Promise<string> {
    const user = key ?? String((data as { userId?: unknown }).userId);
    const headers: IHeaders = {
      ce_specversion: '1.0',
      ce_id: id,
      ce_type: type,
      ce_source: source,
      ce_time: new Date().toISOString(),
      ce_subject: String((data as { userId?: unknown } | null)?.userId ?? user),
      'content-type': 'application/json',
    };
    const message = { key: user, value: body ?? JSON.stringify(data), headers };
    await this.producer.send({ topic: type, acks: -1, messages: Array.from({ length: times }, () => message) });
    return id;
  }

  async close(): Promise<void> {
    await this.producer.disconnect();
  }
}
