import type { z } from 'zod';
import { badRequest } from './errors.js';

export function parse<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body ?? {});
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`);
  throw badRequest(`Invalid request: ${faults.join('; ')}`, 'Validation_InvalidBody', 400);
}
