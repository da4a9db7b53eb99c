import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Histogram, register } from 'prom-client';
import { log } from './logger.js';

const requests = new Histogram({
  name: 'http_request_duration_seconds',
  help: 'Time to answer, by route; no user, no query.',
  labelNames: ['method', 'route', 'status'],
  buckets: [0.005, 0.02, 0.05, 0.1, 0.3, 1, 3, 10],
});
collectDefaultMetrics({ register });
const http = log('http');
const quiet = new Set(['/livez', '/readyz', '/metrics']);

/** A metric and a line in the log for each request: its route, never its address, which may hold ids and secrets. */
export function measureRequests(instance: FastifyInstance): void {
  instance.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unknown';
    const status = reply.statusCode;
    requests.observe({ method: request.method, route, status }, reply.elapsedTime / 1000);
    if (!quiet.has(route)) http.info({ method: request.method, route, status, tookMs: Math.round(reply.elapsedTime) }, 'answered');
    done();
  });
}
