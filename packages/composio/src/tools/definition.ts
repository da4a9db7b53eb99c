import type { ToolDefinition } from '../port.js';

/**
 * What the tags say. A tool without one of the three is unknown, not harmless: `openWorldHint` and `important` say nothing about effects.
 */
export function hintsOf(tags: readonly string[]): ToolDefinition['hints'] {
  const readOnly = tags.includes('readOnlyHint');
  const destructive = tags.includes('destructiveHint');
  const idempotent = tags.includes('idempotentHint');
  return { readOnly: readOnly && !destructive, destructive, idempotent, known: readOnly || destructive || idempotent };
}

/** Whether the SDKs would read a file or fetch a URL named in the arguments: marked in the schema, or by the name they look for. */
export function takesFiles(schema: unknown): boolean {
  if (Array.isArray(schema)) return schema.some(takesFiles);
  if (typeof schema !== 'object' || schema === null) return false;
  return Object.entries(schema).some(
    ([key, value]) => (key === 'file_uploadable' && value === true) || isFileArgument(key) || takesFiles(value),
  );
}

/** Older Composio code reads such an argument as a local path, or fetches it, and uploads what it finds, whatever the schema says. */
export function isFileArgument(name: string): boolean {
  return name.toLowerCase().endsWith('_schema_parsed_file');
}
