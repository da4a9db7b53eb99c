import { join } from 'node:path';
import { consumers, events, routes } from '../registry.js';
import { asyncApi } from './asyncapi.js';
import { generatedFiles } from './index.js';
import { aclList } from './kafka-files.js';
import { openApi } from './openapi.js';

const root = join(import.meta.dirname, '../../../..');

/** The references of a document that lead nowhere. */
function dangling(document: unknown): string[] {
  const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = '']) => path);
  return refs.filter((path) => {
    const steps = path.split('/').map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
    return steps.reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], document) === undefined;
  });
}

describe('what is made from the contracts', () => {
  it('has a schema and a sentence for every event', () => {
    const files = generatedFiles(root);
    for (const { type } of events) {
      const schema = JSON.parse(files.get(`docs/schemas/${type}.json`) ?? '{}') as { description?: string; required?: string[] };
      expect(schema.description).toMatch(/\w.*\.$/);
      expect(schema.required).toContain('userId');
      expect(dangling(schema)).toEqual([]);
    }
  });

  it('is an AsyncAPI document without dangling references, with every teller and every listener', () => {
    const document = asyncApi((type) => type);
    expect(dangling(document)).toEqual([]);
    const listed = Object.keys(document.operations as object);
    const tellers = events.flatMap(({ type, producers }) => producers.map((app) => `${app}.send.${type}`));
    const listeners = Object.entries(consumers).flatMap(([app, contracts]) => contracts.map(({ type }) => `${app}.receive.${type}`));
    expect(listed.sort()).toEqual([...tellers, ...listeners].sort());
  });

  it('is an OpenAPI document without dangling references, with every route once', () => {
    const document = openApi();
    expect(dangling(document)).toEqual([]);
    const operations = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
      Object.keys(methods ?? {}).map((method) => `${method} ${path}`),
    );
    expect(operations.sort()).toEqual(routes.map(({ method, path }) => `${method} ${path}`).sort());
    const ids = Object.values(document.paths ?? {}).flatMap((methods) =>
      Object.values(methods as Record<string, { operationId: string }>).map((o) => o.operationId),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('lets nobody write a topic but its producers', () => {
    for (const { type, producers } of events) {
      const writers = aclList().filter(({ name, operations }) => name === type && operations.includes('Write'));
      expect(writers.map(({ principal }) => principal)).toEqual(producers.map((app) => `User:${app}`));
    }
  });
});
