import type { FastifyInstance } from 'fastify';

/** Conversations with a model, and seeds for load tests, are larger than what our own services take. */
const BODY_LIMIT_BYTES = 16 * 1024 * 1024;

/** What real services take and a strict framework refuses: large bodies, and `content-type: application/json` on a request without a body. */
export function fastify(instance: FastifyInstance): void {
  instance.addHook('onRoute', (route) => {
    route.bodyLimit = BODY_LIMIT_BYTES;
  });
  instance.addHook('onRequest', async ({ raw: { headers } }) => {
    const isEmpty = headers['transfer-encoding'] === undefined && (headers['content-length'] ?? '0') === '0';
    if (isEmpty) delete headers['content-type'];
  });
}
