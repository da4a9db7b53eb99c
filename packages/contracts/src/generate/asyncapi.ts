import type { EventContract } from '../event.js';
import { consumers, deadLetterServices, deadLetterTopic, events, topics } from '../registry.js';
import { dataSchema, hoisted, type Json } from './json-schema.js';

const HEADERS: Json = {
  type: 'object',
  description: 'CloudEvents 1.0, Kafka binary mode. The key of the record is the user id.',
  required: ['ce_specversion', 'ce_id', 'ce_type', 'ce_source', 'ce_time', 'ce_subject', 'content-type'],
  properties: {
    ce_specversion: { const: '1.0' },
    ce_id: { type: 'string', description: 'Unique within ce_source; a repetition of the event has the same one.' },
    ce_type: { type: 'string', description: "The topic's name." },
    ce_source: { type: 'string', description: 'Who tells it, such as /gatehouse/identity.' },
    ce_time: { type: 'string', format: 'date-time' },
    ce_subject: { type: 'string', description: 'The user id: the same as the key and as userId in the data.' },
    traceparent: { type: 'string', description: 'W3C trace context.' },
    'content-type': { const: 'application/json' },
  },
};

/** Every topic, who sends to it and who receives from it, as AsyncAPI 3. */
export function asyncApi(sentence: (type: string) => string): Json {
  const shapes = events.map((event) => ({ event, ...hoisted(dataSchema(event, sentence(event.type))) }));
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Gatehouse events',
      version: '1',
      description: 'One topic an event type. An optional field may be added to an event; any other change is a new event name.',
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries([...events.map(channel), ...deadLetterServices.map(deadLetterChannel)]),
    operations: Object.fromEntries([...events.flatMap(sends), ...Object.keys(consumers).flatMap(receives)]),
    components: {
      messages: {
        ...Object.fromEntries(
          shapes.map(({ event: { type } }) => [
            type,
            {
              name: type,
              summary: sentence(type),
              headers: { $ref: '#/components/schemas/headers' },
              payload: { $ref: `#/components/schemas/${type}` },
              bindings: { kafka: { key: { type: 'string', description: 'The user id.' } } },
            },
          ]),
        ),
        'dead-letter': {
          name: 'dead-letter',
          summary: 'An event that a service could not take, as it came, with headers dl_* that say why and where it came from.',
          payload: {},
        },
      },
      schemas: {
        headers: HEADERS,
        ...Object.assign({}, ...shapes.map(({ shared }) => shared)),
        ...Object.fromEntries(shapes.map(({ event, schema }) => [event.type, schema])),
      },
    },
  };
}

const bindings = (name: string): Json => {
  const topic = topics.find((candidate) => candidate.name === name);
  const config = { 'retention.ms': (topic?.retentionDays ?? 0) * 86_400_000, 'max.message.bytes': topic?.maxMessageBytes };
  return { kafka: { topic: name, partitions: topic?.partitions, topicConfiguration: config } };
};
const channel = ({ type }: EventContract): [string, Json] => [
  type,
  { address: type, messages: { [type]: { $ref: `#/components/messages/${type}` } }, bindings: bindings(type) },
];
const deadLetterChannel = (service: string): [string, Json] => {
  const name = deadLetterTopic(service);
  return [name, { address: name, messages: { 'dead-letter': { $ref: '#/components/messages/dead-letter' } }, bindings: bindings(name) }];
};

const operation = (action: 'send' | 'receive', app: string, type: string): [string, Json] => [
  `${app}.${action}.${type}`,
  {
    action,
    channel: { $ref: `#/channels/${type}` },
    messages: [{ $ref: `#/channels/${type}/messages/${type}` }],
    tags: [{ name: app }],
  },
];
const sends = ({ type, producers }: EventContract) => producers.map((app) => operation('send', app, type));
const receives = (app: string) => (consumers[app] ?? []).map(({ type }) => operation('receive', app, type));
