import type { z } from 'zod';

/** One HTTP route as the gateway offers it: OpenAPI is made from these, and a test compares them with what the apps serve. */
export interface Route {
  readonly app: 'identity' | 'connections' | 'agent-runner' | 'auditor' | 'notifier' | 'gateway';
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  readonly path: string;
  readonly summary: string;
  /** Who may call it: a signed-in user, a product's backend by its key, an operator (signed in, or by key), or anybody. */
  readonly by: 'user' | 'product' | 'operator' | 'anyone';
  readonly status?: number;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly response?: z.ZodType;
  readonly contentType?: 'application/json' | 'text/event-stream' | 'text/html';
}
