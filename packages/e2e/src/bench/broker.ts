import { randomUUID } from 'node:crypto';
import { topics } from '@gatehouse/contracts';
import { type Admin, CompressionTypes, Kafka, logLevel, type Message, type Producer, type SeekEntry } from 'kafkajs';
import { v7 as uuidv7 } from 'uuid';

export const USER_CREATED = 'user.created';
export const ENTITY_CREATED = 'entity.created';
const PARTITIONS = 8;
const SEND_AT_ONCE = 1000;

/** A record that was read back: when the broker appended it (milliseconds since 1970), its key and its `ce_id`. */
export interface Appended {
  readonly at: number;
  readonly key: string;
  readonly id: string;
}

/** The bench's own Kafka client: makes topics, publishes users, moves groups, reads back what arrived. */
export class Broker {
  private constructor(
    private readonly kafka: Kafka,
    private readonly admin: Admin,
    private readonly producer: Producer,
  ) {}

  static async connect(brokers: string): Promise<Broker> {
    const kafka = new Kafka({ clientId: 'bench', brokers: brokers.split(','), logLevel: logLevel.NOTHING });
    const admin = kafka.admin();
    const producer = kafka.producer({ allowAutoTopicCreation: false });
    await Promise.all([admin.connect(), producer.connect()]);
    return new Broker(kafka, admin, producer);
  }

  /** All topics of the contracts; `user.created` with 8 partitions, as the bars say. The broker stamps each record's time. */
  async makeTopics(): Promise<void> {
    await this.admin.createTopics({
      waitForLeaders: true,
      topics: topics.map(({ name, partitions, maxMessageBytes }) => ({
        topic: name,
        numPartitions: name === USER_CREATED ? PARTITIONS : partitions,
        replicationFactor: 1,
        configEntries: [
          { name: 'message.timestamp.type', value: 'LogAppendTime' },
          { name: 'max.message.bytes', value: String(maxMessageBytes) },
        ],
      })),
    });
    await this.producer.send({ topic: USER_CREATED, messages: [] }).catch(() => undefined); // its leaders are known from now on
  }

  /** Publishes `user.created` for these users, in the form that identity's relay gives it. */
  async publish(users: readonly string[]): Promise<void> {
    for (let from = 0; from < users.length; from += SEND_AT_ONCE) {
      const messages = users.slice(from, from + SEND_AT_ONCE).map(message);
      await this.producer.send({ topic: USER_CREATED, acks: -1, compression: CompressionTypes.None, messages });
    }
  }

  /** The offset behind the last record of each partition. */
  async ends(topic: string): Promise<SeekEntry[]> {
    return (await this.admin.fetchTopicOffsets(topic)).map(({ partition, high }) => ({ partition, offset: high }));
  }

  async total(topic: string): Promise<number> {
    return (await this.ends(topic)).reduce((sum, { offset }) => sum + Number(offset), 0);
  }

  /** A group without members starts there. */
  async place(groupId: string, topic: string, partitions: SeekEntry[]): Promise<void> {
    await this.admin.setOffsets({ groupId, topic, partitions });
  }

  /** Records that the group has not committed yet. */
  async lag(groupId: string, topic: string): Promise<number> {
    const [done] = await this.admin.fetchOffsets({ groupId, topics: [topic] });
    const committed = new Map(done?.partitions.map(({ partition, offset }) => [partition, Number(offset)]));
    return (await this.ends(topic)).reduce(
      (sum, { partition, offset }) => sum + Number(offset) - Math.max(0, committed.get(partition) ?? 0),
      0,
    );
  }

  /** Reads `count` records from these offsets on, or what there is after 30 seconds. */
  async read(topic: string, from: SeekEntry[], count: number): Promise<Appended[]> {
    const groupId = `bench.${randomUUID()}`;
    await this.place(groupId, topic, from);
    const consumer = this.kafka.consumer({ groupId, maxWaitTimeInMs: 100 });
    const found: Appended[] = [];
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    const all = new Promise<void>((done) => {
      const late = setTimeout(done, 30_000);
      const take = (messages: readonly { timestamp: string; key: Buffer | null; headers?: object }[]) => {
        for (const { timestamp, key, headers } of messages) {
          const id = String((headers as { ce_id?: Buffer } | undefined)?.ce_id ?? '');
          found.push({ at: Number(timestamp), key: key?.toString() ?? '', id });
        }
        if (found.length < count) return;
        clearTimeout(late);
        done();
      };
      void consumer.run({ eachBatch: async ({ batch }) => take(batch.messages) });
    });
    await all;
    await consumer.disconnect();
    await this.admin.deleteGroups([groupId]);
    return found;
  }

  async close(): Promise<void> {
    await Promise.all([this.producer.disconnect(), this.admin.disconnect()]);
  }
}

function message(userId: string): Message {
  return {
    key: userId,
    value: JSON.stringify({ userId, email: `${userId}@example.com`, name: 'Ana Sample', locale: 'en' }),
    headers: {
      ce_specversion: '1.0',
      ce_id: uuidv7(),
      ce_type: USER_CREATED,
      ce_source: 'gatehouse/identity',
      ce_subject: userId,
      ce_time: new Date().toISOString(),
      'content-type': 'application/json',
      traceparent: `00-${randomUUID().replaceAll('-', '')}-00f067aa0ba902b7-01`,
    },
  };
}
