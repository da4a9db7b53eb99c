import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { shortId } from './account.js';
import type { ApiCall } from './api-calls.js';
import { ComposioError } from './errors.js';

/** An answer that a fault, or a limit, gives in place of the real one: any body, in no envelope. */
export class FaultAnswer extends Error {
  constructor(
    readonly status: number,
    readonly body: unknown,
    readonly headers: Record<string, string> = {},
  ) {
    super('injected');
  }
}

/** Every error leaves in the envelope of the API version that was called. */
@Catch()
export class ComposioFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest & { call?: ApiCall }>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (error instanceof FaultAnswer) {
      void reply.headers(error.headers).status(error.status);
      void reply.send(error.body ?? { error: { message: 'Injected fault', code: error.status, slug: null, status: error.status } });
      return;
    }
    const known = toComposioError(error);
    void reply.status(known.status).send(isLegacy(request.url) ? legacyEnvelope(known) : envelope(known, request.call));
  }
}

function toComposioError(error: unknown): ComposioError {
  if (error instanceof ComposioError) return error;
  if (error instanceof HttpException) return new ComposioError(error.getStatus(), error.getStatus(), null, error.message);
  return new ComposioError(500, 500, 'Internal_Error', `The sandbox failed: ${error instanceof Error ? error.message : String(error)}`);
}

const isLegacy = (url: string): boolean => /^\/api\/v[12]\//.test(url);

function envelope({ message, code, slug, status }: ComposioError, call: ApiCall | undefined): object {
  const odd = call?.project.settings.answers.envelope === 'error_code';
  const names = odd ? { error_code: code, name: slug } : { code, slug };
  return { error: { message, ...names, status, request_id: call?.record.requestId ?? shortId('req'), suggested_fix: 'See the message.' } };
}

const legacyEnvelope = ({ message, slug, status }: ComposioError): object => ({
  type: status === 401 ? 'UnauthorizedError' : status === 404 ? 'NotFoundError' : 'BadRequestError',
  name: slug ?? 'Error',
  message,
  details: [],
});
