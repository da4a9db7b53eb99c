import type { EventContract } from '../event.js';
import { consumers, deadLetterServices, deadLetterTopic, events } from '../registry.js';
import { dataSchema } from './json-schema.js';

/** docs/events.md: who tells, who listens, and what is in it. */
export function eventsPage(sentence: (type: string) => string): string {
  return `# Events

Made from the contracts by \`npm run docs\`. Topic = event type, key = user id, CloudEvents 1.0 in Kafka's binary mode (headers \`ce_*\`), body JSON.
The schemas are in [schemas/](schemas), all of it as AsyncAPI 3 in [asyncapi.json](asyncapi.json).

| event | who tells | who listens |
|---|---|---|
${events.map(({ type, producers }) => `| [${type}](#${anchor(type)}) | ${producers.join(', ')} | ${listeners(type).join(', ') || '–'} |`).join('\n')}

${events.map((event) => section(event, sentence(event.type))).join('\n\n')}

## Dead letters

What a service could not take, as it came, with headers \`dl_*\` that say why: ${deadLetterServices.map((service) => `\`${deadLetterTopic(service)}\``).join(', ')}. Kept 30 days.
`;
}

const anchor = (type: string) => type.replaceAll('.', '');
const listeners = (type: string) =>
  Object.entries(consumers)
    .filter(([, contracts]) => contracts.some((contract) => contract.type === type))
    .map(([app]) => app);

function section(event: EventContract, sentence: string): string {
  const { properties = {}, required = [] } = dataSchema(event, sentence) as { properties?: Record<string, Shape>; required?: string[] };
  const fields = Object.entries(properties).map(([name, shape]) => `\`${name}\`${required.includes(name) ? '' : '?'} ${kindOf(shape)}`);
  return `## ${event.type}

${sentence}

${fields.join(' · ')}

${event.partitions} partitions, kept ${event.retentionDays} days. [Schema](schemas/${event.type}.json)`;
}

interface Shape {
  type?: string;
  format?: string;
  enum?: unknown[];
  items?: Shape;
  $ref?: string;
  anyOf?: Shape[];
}

function kindOf({ type, format, enum: values, items, $ref, anyOf }: Shape): string {
  if ($ref) return `(${$ref.split('/').at(-1)})`;
  if (values) return `(${values.join(', ')})`;
  if (anyOf) return `(${anyOf.map((shape) => kindOf(shape).slice(1, -1)).join(' or ')})`;
  if (type === 'array') return `(list of ${kindOf(items ?? {}).slice(1, -1)})`;
  return `(${format ?? type ?? 'anything'})`;
}
