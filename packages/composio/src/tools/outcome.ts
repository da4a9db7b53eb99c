import { z } from 'zod';
import type { ToolOutcome } from '../port.js';

/** Both APIs answer 200 for a tool that failed; the older one misspells the word. */
export const toolAnswer = z
  .object({
    data: z.unknown().optional(),
    error: z.unknown().optional(),
    successful: z.boolean().optional(),
    successfull: z.boolean().optional(),
    log_id: z.string().nullish(),
    logId: z.string().nullish(),
  })
  .refine((answer) => answer.successful !== undefined || answer.successfull !== undefined, { path: ['successful'] });

const CREDENTIALS =
  /(?<!\w)(invalid_auth|not_authed|token_expired|expired_token|token_revoked|account_inactive|invalid_grant|invalid_token|invalid_client|unauthorized_client)(?!\w)|\b(bad|invalid|expired|revoked) credentials\b|\btoken (has been|was|is) (expired|revoked)\b/i;
const PROVIDER_LIMIT = /(?<!\w)(rate_?limited|rate[ _]?limit(ed)?([ _]exceeded)?|too many requests|ratelimit)(?!\w)/i;

export function toolOutcome(answer: z.output<typeof toolAnswer>): ToolOutcome {
  const logId = answer.log_id ?? answer.logId ?? null;
  if (answer.successful ?? answer.successfull) return { ok: true, data: record(answer.data), logId };
  const message = messageOf(answer);
  return { ok: false, cause: causeOf(message), message: message.slice(0, 2_000) || 'The tool failed without saying why', logId };
}

export function causeOf(message: string): 'tool' | 'credentials' | 'provider-limit' {
  if (CREDENTIALS.test(message)) return 'credentials';
  return PROVIDER_LIMIT.test(message) ? 'provider-limit' : 'tool';
}

function messageOf({ error, data }: z.output<typeof toolAnswer>): string {
  const inner = record(data);
  const said = [error, inner.message, inner.error].map((part) => {
    if (typeof part === 'string') return part;
    const { message } = record(part);
    return typeof message === 'string' ? message : '';
  });
  return [...new Set(said.filter(Boolean))].join(': ');
}

function record(value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  return value === null || value === undefined ? {} : { value };
}
