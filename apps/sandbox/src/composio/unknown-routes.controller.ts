import { All } from '@nestjs/common';
import { ComposioApi } from './api-calls.js';
import { ComposioError } from './errors.js';

/** Routes that are not emulated answer as Composio answers a route that it does not have, and are in the request log. */
@ComposioApi('api')
export class UnknownRoutesController {
  @All('*')
  unknown(): never {
    throw new ComposioError(404, 404, null, 'Route not found (the sandbox does not emulate it)');
  }
}
