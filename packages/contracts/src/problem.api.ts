import { z } from 'zod';
import { blocker } from './gate.api.js';

/** RFC 9457 `application/problem+json`. `code` is stable and for programs, `detail` is for people. */
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int().min(400).max(599),
    code: z.string(),
    detail: z.string().optional(),
    instance: z.string().optional(),
    traceId: z.string(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    blockers: z.array(blocker).optional(),
  })
  .meta({ id: 'Problem' });
export type ProblemBody = z.output<typeof problem>;
