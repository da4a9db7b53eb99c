import { z } from 'zod';
import type { EventContract } from '../event.js';

export type Json = Record<string, unknown>;

/** The data of an event as JSON Schema 2020-12, as a publisher must write it; readers let unknown fields pass. */
export function dataSchema({ type, data }: EventContract, description: string): Json {
  const { $schema, ...schema } = z.toJSONSchema(data, { io: 'input' }) as Json;
  return { $schema, $id: `${type}.json`, title: type, description, ...withoutIds(schema) };
}

/** zod repeats the name of a shared shape as `id` inside it, which is no keyword of this JSON Schema. */
function withoutIds(schema: Json): Json {
  const { $defs } = schema as { $defs?: Record<string, Json> };
  if (!$defs) return schema;
  return { ...schema, $defs: Object.fromEntries(Object.entries($defs).map(([name, { id: _, ...shape }]) => [name, shape])) };
}

/** Takes the shared shapes out of a schema; references to them then point into the document's components. */
export function hoisted(schema: Json): { schema: Json; shared: Json } {
  const { $schema: _, $id: __, $defs = {}, ...rest } = schema;
  const moved = JSON.parse(JSON.stringify({ rest, $defs }).replaceAll('"#/$defs/', '"#/components/schemas/')) as {
    rest: Json;
    $defs: Json;
  };
  return { schema: moved.rest, shared: moved.$defs };
}
