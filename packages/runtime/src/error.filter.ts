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

const details: Record<number, string> = {
  400: 'The request cannot be read: is its body valid JSON?',
  404: 'There is nothing here.',
  413: 'The body is too large: 256 kB is the most.',
  415: 'The body has to be JSON.',
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
      .header('content-type', 'application/problem+json')
      .send(
        // Bytes: to a string Fastify would add a charset, which this media type does not have.
        Buffer.from(
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
        ),
      );
  }
}

function answerTo(error: unknown): Answer {
  if (error instanceof Problem) return { status: error.getStatus(), code: error.code, detail: error.detail, extra: error.extra };
  const status = error instanceof HttpException ? error.getStatus() : statusOfFastify(error);
  if (!status) return { status: 500, code: 'internal', detail: 'Something went wrong on our side.' };
  // Never the error's own message: that of a JSON parser quotes the body.
  return { status, code: codes[status] ?? 'error', detail: details[status] };
}

/** Fastify's own refusals come before any handler. Any other error with a status is somebody else's answer to us, not ours to the caller. */
function statusOfFastify(error: unknown): number | undefined {
  const { code, statusCode } = error as { code?: unknown; statusCode?: unknown };
  const itsOwn = error instanceof SyntaxError || (error instanceof Error && typeof code === 'string' && code.startsWith('FST_'));
  return itsOwn && typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? statusCode : undefined;
}

function titleOf(code: string): string {
  const words = code.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
