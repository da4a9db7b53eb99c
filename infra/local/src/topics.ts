import type { Topic } from '@gatehouse/contracts';
import { Failure } from './failure.ts';
import { client } from './kafka.ts';

/**
 * Makes the topics of the contracts that are missing, and adds partitions where a contract asks for more. It never takes any away.
 * The contracts are imported here and now, because `npm start` builds them first. One broker gets one replica, three and more get three.
 */
export async function createTopics(brokers: string): Promise<string[]> {
  const { topics } = (await import('@gatehouse/contracts')) as { topics: readonly Topic[] };
  const admin = client(brokers).admin();
  try {
    await admin.connect();
    const replicas = Math.min(3, (await admin.describeCluster()).brokers.length);
    const existing = new Set(await admin.listTopics());
    const missing = topics.filter(({ name }) => !existing.has(name));
    if (missing.length) {
      await admin.createTopics({ waitForLeaders: true, timeout: 30_000, topics: missing.map((topic) => wanted(topic, replicas)) });
    }
    const { topics: found } = await admin.fetchTopicMetadata({ topics: topics.map(({ name }) => name) });
    const small = topics.filter(
      ({ name, partitions }) => (found.find((t) => t.name === name)?.partitions.length ?? partitions) < partitions,
    );
    if (small.length) {
      await admin.createPartitions({ topicPartitions: small.map(({ name, partitions }) => ({ topic: name, count: partitions })) });
    }
    return missing.map(({ name }) => name);
  } catch (error) {
    throw new Failure(`The topics cannot be made on ${brokers}: ${(error as Error).message}`);
  } finally {
    await admin.disconnect().catch(() => {});
  }
}

const wanted = ({ name, partitions, retentionDays, maxMessageBytes }: Topic, replicas: number) => ({
  topic: name,
  numPartitions: partitions,
  replicationFactor: replicas,
  configEntries: [
    { name: 'retention.ms', value: String(retentionDays * 86_400_000) },
    { name: 'max.message.bytes', value: String(maxMessageBytes) },
    { name: 'message.timestamp.type', value: 'LogAppendTime' },
    { name: 'min.insync.replicas', value: replicas >= 3 ? '2' : '1' },
  ],
});
