import { consumers, deadLetterServices, deadLetterTopic, events, topics } from '../registry.js';

/** infra/kafka/topics.json: what to create in a cluster of one's own. Three replicas, two of them in sync. */
export const topicList = () =>
  topics.map(({ name, partitions, retentionDays, maxMessageBytes }) => ({
    name,
    partitions,
    replicas: 3,
    config: {
      'retention.ms': retentionDays * 86_400_000,
      'max.message.bytes': maxMessageBytes,
      'message.timestamp.type': 'LogAppendTime',
      'min.insync.replicas': 2,
    },
  }));

interface Acl {
  readonly principal: string;
  readonly resource: 'topic' | 'group';
  readonly name: string;
  readonly pattern: 'literal' | 'prefixed';
  readonly operations: readonly string[];
}

/** infra/kafka/acls.json: the least each service needs. `upstream` is the product's own publisher. */
export function aclList(): Acl[] {
  const writes = events.flatMap(({ type, producers }) => producers.map((app) => topic(app, type, ['Write', 'Describe'])));
  const reads = Object.entries(consumers).flatMap(([app, contracts]) =>
    contracts.map(({ type }) => topic(app, type, ['Read', 'Describe'])),
  );
  const deadLetters = deadLetterServices.map((service) => topic(service, deadLetterTopic(service), ['Write', 'Describe']));
  const groups = Object.keys(consumers).map((app): Acl => {
    const pattern = app === 'gateway' ? 'prefixed' : 'literal'; // each gateway replica reads in a group of its own, from the end
    return { principal: `User:${app}`, resource: 'group', name: app === 'gateway' ? 'gateway.' : app, pattern, operations: ['Read'] };
  });
  return [...writes, ...reads, ...deadLetters, ...groups];
}

const topic = (app: string, name: string, operations: readonly string[]): Acl => ({
  principal: `User:${app}`,
  resource: 'topic',
  name,
  pattern: 'literal',
  operations,
});
