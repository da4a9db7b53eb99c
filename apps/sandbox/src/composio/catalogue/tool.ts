export interface JsonSchema {
  type: 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object';
  title?: string;
  description?: string;
  default?: unknown;
  examples?: unknown[];
  enum?: unknown[];
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  minimum?: number;
  maximum?: number;
  file_uploadable?: boolean;
}

export interface Tool {
  slug: string;
  name: string;
  description: string;
  kind: 'read' | 'write' | 'destructive';
  input: JsonSchema;
  /** Composio still knows its name, and refuses to run it (410). */
  withdrawn?: true;
  /** It tells who is signed in: the one kind of tool that a key for connections may execute. */
  profile?: true;
}

export interface App {
  slug: string;
  name: string;
  description: string;
  category: string;
  scopes: string[];
  tools: Tool[];
}

export const text = (description: string, more: Partial<JsonSchema> = {}): JsonSchema => ({ type: 'string', description, ...more });
export const whole = (description: string, more: Partial<JsonSchema> = {}): JsonSchema => ({ type: 'integer', description, ...more });
export const flag = (description: string, more: Partial<JsonSchema> = {}): JsonSchema => ({ type: 'boolean', description, ...more });
export const texts = (description: string): JsonSchema => ({ type: 'array', description, items: { type: 'string' } });
export const fields = (properties: Record<string, JsonSchema>, required: string[] = []): JsonSchema => ({
  type: 'object',
  properties,
  required,
});
