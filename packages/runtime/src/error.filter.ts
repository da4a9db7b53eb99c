import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { log } from './logger.js';
import { Problem, type ProblemExtra } from './problem.js';
import { currentTraceId } from './trace.js';

const codes: Record<number, string> = {
  400: 'invalid_input',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  409: 'conflict',
  412: 'outdated',
  413: 'too_large',
  415: 'unsupported_media_type',
  422: 'unprocessable',
  429: 'too_many_requests',
  502: 'bad_gateway',
  503: 'unavailable',
  504: 'timed_out',
};

interface Answer {
  status: number;
  code: string;
  detail?: string | undefined;
  extra?: ProblemExtra;
}

/** Every error leaves as `application/problem+json`; what we did not expect is a 500 `internal`, logged, without details. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  private readonly log = log('http');

  catch(error: unknown, host: ArgumentsHost): void {
    if (host.getType() !== 'http') throw error;
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const answer = answerTo(error);
    if (answer.status >= 500) {
      const err = error instanceof Error ? error : new Error('a thrown value that is no error');
      this.log.error({ err, method: request.method, route: request.routeOptions?.url, status: answer.status }, 'request failed');
    }
    if (reply.sent) return;
    const { retryAfterSeconds, ...extra } = answer.extra ?? {};
    if (retryAfterSeconds !== undefined) void reply.header('retry-after', String(Math.ceil(retryAfterSeconds)));
    void reply
      .status(answer.status)
      .type('application/problem+json')
      .send(
        JSON.stringify({
          type: `urn:gatehouse:problem:${answer.code}`,
          title: titleOf(answer.code),
          status: answer.status,
          code: answer.code,
          detail: answer.detail,
          instance: request.url.split('?', 1)[0], // a query string may hold secrets
          traceId: currentTraceId() ?? '',
          ...extra,
        }),
      );
  }
}

function answerTo(error: unknown): Answer {
  if (error instanceof Problem) return { status: error.getStatus(), code: error.code, detail: error.detail, extra: error.extra };
  if (error instanceof HttpException) {
    const status = error.getStatus();
    return { status, code: codes[status] ?? 'error', detail: detailOf(error) };
  }
  return ofFastify(error) ?? { status: 500, code: 'internal', detail: 'Something went wrong on our side.' };
}

/** Nest's own exceptions: a detail only if somebody wrote one. "Cannot GET /x" and "Not Found" say nothing to a person. */
function detailOf(error: HttpException): string | undefined {
  if (error.getStatus() === 404) return 'There is nothing here.';
  if (error.getStatus() >= 500) return undefined;
  return error.message;
}

/** Fastify's own refusals (malformed JSON, `__proto__`, a body that is too large, an unknown media type) come before any handler. */
function ofFastify(error: unknown): Answer | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, statusCode } = error as Error & { code?: unknown; statusCode?: unknown };
  if (typeof statusCode !== 'number' || statusCode < 400 || statusCode > 499) return undefined;
  if (error instanceof SyntaxError || (typeof code === 'string' && code.startsWith('FST_')) || typeof code !== 'string') {
    const detail = statusCode === 400 ? 'The request cannot be read: is the body valid JSON?' : error.message;
    return { status: statusCode, code: statusCode === 400 ? 'malformed' : (codes[statusCode] ?? 'error'), detail };
  }
  return undefined;
}

function titleOf(code: string): string {
  const words = code.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
