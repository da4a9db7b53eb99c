import { HttpException } from '@nestjs/common';

export interface ProblemExtra {
  errors?: { path: string; message: string }[];
  /** The gate's blockers, where the answer is `connection_required`. */
  blockers?: unknown[];
  /** Leaves as the header `Retry-After`. */
  retryAfterSeconds?: number;
}

/**
 * An error with an answer of its own: `status` 400–599, `code` stable and for programs (`snake_case`), `detail` for people. It leaves as
 * RFC 9457 `application/problem+json` through the ErrorFilter, which adds the title, the path and the trace id.
 */
export class Problem extends HttpException {
  constructor(
    status: number,
    readonly code: string,
    readonly detail?: string,
    readonly extra: ProblemExtra = {},
  ) {
    super(detail ?? code, status);
  }
}
