import { join } from 'node:path';
import { events } from '../registry.js';
import { asyncApi } from './asyncapi.js';
import { eventsPage } from './events-page.js';
import { dataSchema } from './json-schema.js';
import { aclList, topicList } from './kafka-files.js';
import { openApi } from './openapi.js';
import { sentences } from './sentences.js';

export { openApi } from './openapi.js';

/** Folders that hold nothing but generated files: what is not in `generatedFiles` has to go. */
export const generatedFolders = ['docs/schemas'] as const;

/** Every file that is made from the contracts: its path from the root of the checkout, and its text. An event without a sentence is an error. */
export function generatedFiles(root: string): Map<string, string> {
  const said = sentences(join(root, 'packages/contracts/src'));
  const sentence = (type: string): string => {
    const text = said.get(type);
    if (!text) throw new Error(`The contract of ${type} has no comment above it: its sentence in docs/events.md.`);
    return text;
  };
  return new Map([
    ...events.map((event): [string, string] => [`docs/schemas/${event.type}.json`, json(dataSchema(event, sentence(event.type)))]),
    ['docs/asyncapi.json', json(asyncApi(sentence))],
    ['docs/openapi.json', json(openApi())],
    ['docs/events.md', eventsPage(sentence)],
    ['infra/kafka/topics.json', json(topicList())],
    ['infra/kafka/acls.json', json(aclList())],
  ]);
}

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
