import { z } from 'zod';
import type { AppName } from './env.js';
import { type Acting, INTERNAL_HEADER, type InternalTokens } from './internal-tokens.js';
import { currentTraceparent } from './trace.js';

const DEFAULT_TIMEOUT_MS = 5000;
const problemBody = z.object({ code: z.string(), detail: z.string().optional() });

/** A sibling did not answer as asked. `status` is 0 when there was no answer at all; then `code` is `timed_out` or `unreachable`. */
export class AskError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string | undefined,
    to: AppName,
    options?: ErrorOptions,
  ) {
    super(`${to} answered ${status || 'nothing'}: ${code}`, options);
  }
}

export interface Question<T> {
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  path: string;
  body?: unknown;
  as: Acting;
  response?: z.ZodType<T>;
  signal?: AbortSignal | undefined;
}

/**
 * Another of our apps, asked over HTTP for an acting user. It never retries; `timeoutMs` is 5000 for the whole answer. Throws `AskError`,
 * also (status of the answer, `bad_answer`) when the answer does not fit `response`.
 */
export class Sibling {
  constructor(private readonly o: { name: AppName; url: string; tokens: InternalTokens; timeoutMs?: number }) {}

  async ask<T>(question: Question<T>): Promise<T> {
    const { name, timeoutMs = DEFAULT_TIMEOUT_MS } = this.o;
    const timeout = AbortSignal.timeout(timeoutMs);
    let status = 0;
    let text = '';
    try {
      const answer = await this.send(question, question.signal ? AbortSignal.any([timeout, question.signal]) : timeout);
      status = answer.status;
      text = await answer.text();
    } catch (error) {
      if (question.signal?.aborted) throw question.signal.reason;
      throw new AskError(0, timeout.aborted ? 'timed_out' : 'unreachable', undefined, name, { cause: error });
    }
    const body = parse(text);
    if (status >= 400) {
      const problem = problemBody.safeParse(body).data;
      throw new AskError(status, problem?.code ?? 'error', problem?.detail, name);
    }
    if (!question.response) return body as T;
    const fits = question.response.safeParse(body);
    if (!fits.success) throw new AskError(status, 'bad_answer', undefined, name);
    return fits.data;
  }

  private async send({ method, path, body, as }: Question<unknown>, signal: AbortSignal): Promise<Response> {
    const { name, url, tokens } = this.o;
    const traceparent = currentTraceparent();
    return fetch(new URL(path, url), {
      method,
      signal,
      redirect: 'error',
      headers: {
        accept: 'application/json',
        [INTERNAL_HEADER]: await tokens.sign(name, as),
        ...(traceparent && { traceparent }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }
}

function parse(text: string): unknown {
  if (!text) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
