import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';

const storage = new AsyncLocalStorage<string>();
const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The W3C `traceparent` of the work that runs now; undefined outside of any. */
export function currentTraceparent(): string | undefined {
  return storage.getStore();
}

/** The 32 hex digits that tie together the logs, problems and events of one request. */
export function currentTraceId(): string | undefined {
  return storage.getStore()?.slice(3, 35);
}

/** Runs `work` as a part of that trace; of a new one when `traceparent` is absent or not well formed. */
export function withTrace<T>(traceparent: string | undefined, work: () => T): T {
  return storage.run(childOf(traceparent), work);
}

/** Opens a trace for each request: that of its `traceparent`, else a new one. */
export function traceRequests(instance: FastifyInstance): void {
  instance.addHook('onRequest', (request, _reply, done) => {
    const header = request.headers.traceparent;
    withTrace(typeof header === 'string' ? header : undefined, done);
  });
}

function childOf(traceparent: string | undefined): string {
  const span = digits().slice(16);
  if (traceparent && TRACEPARENT.test(traceparent)) return `${traceparent.slice(0, 36)}${span}${traceparent.slice(52)}`;
  return `00-${digits()}-${span}-01`;
}

/** 32 hex digits. A UUID's come from a store of random bytes; asking the system for each request's costs as much as its routing. */
const digits = (): string => randomUUID().replaceAll('-', '');
