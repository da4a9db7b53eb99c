import { StandardSchemaValidationPipe } from '@nestjs/common';
import { Problem } from './problem.js';

/** Holds `@Body({ schema })`, `@Query({ schema })` and `@Param('id', { schema })` to their contract. Without it a schema is silently ignored. */
export const contractPipe = new StandardSchemaValidationPipe({
  exceptionFactory: (issues) =>
    new Problem(400, 'invalid_input', 'Some of the input is not valid.', {
      errors: issues.map(({ path, message }) => ({
        path: (path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.'),
        message,
      })),
    }),
});
