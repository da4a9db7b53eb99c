import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply } from 'fastify';

export class ModelError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly body?: unknown,
  ) {
    super(message);
  }
}

/** Errors in the shape that OpenAI's clients read. */
@Catch()
export class ModelFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const status = error instanceof ModelError ? error.status : error instanceof HttpException ? error.getStatus() : 500;
    const code = error instanceof ModelError ? error.code : 'sandbox_failed';
    const message = error instanceof Error ? error.message : String(error);
    const body = error instanceof ModelError ? error.body : undefined;
    const type = status >= 500 ? 'server_error' : 'invalid_request_error';
    void reply.status(status).send(body ?? { error: { message, type, param: null, code } });
  }
}
