import type { EventContract } from '@gatehouse/contracts';
import { z } from 'zod';

const SHOWN = 5;
const MAX_LENGTH = 300;

/**
 * What is wrong with an event's data, for a person, with nothing out of the event: zod's messages speak of the schema alone, but for one
 * that names unknown fields, and a path holds the keys of a map, which are data.
 */
export function faultsOf({ tolerant }: EventContract, issues: readonly z.core.$ZodIssue[]): string {
  const declared = new Set(fieldsOf(tolerant));
  const words = issues.slice(0, SHOWN).map(({ path, code, message }) => {
    const place = path.map((part) => (typeof part === 'number' || declared.has(String(part)) ? String(part) : '*')).join('.');
    return `${place || 'data'}: ${code === 'unrecognized_keys' ? 'Unknown fields' : message}`;
  });
  if (issues.length > SHOWN) words.push(`${issues.length - SHOWN} more`);
  return words.join('; ').slice(0, MAX_LENGTH);
}

/** Names of all fields that a schema declares, at any depth. */
function fieldsOf(schema: z.ZodType): string[] {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const walk = (node: unknown): string[] => {
    if (typeof node !== 'object' || node === null) return [];
    const { properties } = node as { properties?: object };
    return [...Object.keys(properties ?? {}), ...Object.values(node).flatMap(walk)];
  };
  return walk(json);
}
