import type { FastifyReply } from 'fastify';
import { FaultAnswer } from './composio.filter.js';
import type { Project } from './project.js';

const WINDOW_MS = 60_000;
const windows = new WeakMap<Project, { startedAt: number; used: number }>();

/** A fixed window of one minute over all endpoints together, told in headers, except at the edge. */
export function limitRate(project: Project, reply: FastifyReply): void {
  const limit = project.settings.rateLimit;
  if (!limit) return;
  const now = project.clock.now();
  let current = windows.get(project);
  if (!current || now - current.startedAt >= WINDOW_MS || now < current.startedAt) current = { startedAt: now, used: 0 };
  windows.set(project, current);
  current.used += 1;
  const over = current.used > limit.perMinute;
  if (limit.mode === 'edge') {
    if (over) throw new FaultAnswer(429, '<html><body>error code: 10429</body></html>', { 'content-type': 'text/html' });
    return;
  }
  void reply.headers({
    'x-ratelimit': String(limit.perMinute),
    'x-ratelimit-remaining': String(Math.max(0, limit.perMinute - current.used)),
    'x-ratelimit-window-size': '60s',
  });
  if (!over) return;
  const retryAfter = String(Math.max(1, Math.ceil((current.startedAt + WINDOW_MS - now) / 1000)));
  throw new FaultAnswer(
    429,
    { message: `Rate limit exceeded. Limit: ${limit.perMinute} requests per minute` },
    { 'retry-after': retryAfter },
  );
}
