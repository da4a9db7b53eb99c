import { createDocument, type ZodOpenApiPathsObject } from 'zod-openapi';
import { problem } from '../problem.api.js';
import { routes } from '../registry.js';
import type { Route } from '../route.js';

const SECURITY: Record<Route['by'], Record<string, string[]>[]> = {
  user: [{ session: [] }, { bearer: [] }],
  product: [{ productKey: [] }],
  operator: [{ session: [] }, { bearer: [] }, { operatorKey: [] }],
  anyone: [],
};

/** Every HTTP route of the gateway as OpenAPI 3.1. Needs no file, so the gateway can serve it. */
export function openApi(): ReturnType<typeof createDocument> {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) paths[route.path] = { ...paths[route.path], [route.method]: operation(route) };
  return createDocument({
    openapi: '3.1.1',
    info: {
      title: 'Gatehouse',
      version: '1',
      description: 'Errors are problem+json (RFC 9457) with a stable `code`. Lists are pages: pass `nextCursor` back as `cursor`.',
    },
    paths: paths as ZodOpenApiPathsObject,
    components: {
      securitySchemes: {
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: '__Host-session',
          description: 'Set by POST /auth/sign-in; unsafe calls need an Origin of ours.',
        },
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'An access token of the issuer, or of a trusted one.' },
        productKey: { type: 'http', scheme: 'bearer', description: "The key of a product's backend." },
        operatorKey: { type: 'http', scheme: 'bearer', description: 'An operator key; or a session or token with the role `operator`.' },
      },
    },
  });
}

function operation(route: Route): object {
  const { app, by, summary, status = 200, params, query, body, response, contentType = 'application/json' } = route;
  return {
    operationId: operationId(route),
    summary,
    tags: [app],
    security: SECURITY[by],
    ...((params || query) && { requestParams: { ...(params && { path: params }), ...(query && { query }) } }),
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: {
      [status]: { description: status === 204 ? 'Done' : 'OK', ...(response && { content: { [contentType]: { schema: response } } }) },
      default: { description: 'A problem', content: { 'application/problem+json': { schema: problem } } },
    },
  };
}

/** `get /v1/runs/{id}/events` → `getRunsIdEvents`. */
const operationId = ({ method, path }: Route): string =>
  method + path.replace(/^\/v1/, '').replace(/[^a-zA-Z0-9]+([a-zA-Z0-9]?)/g, (_, letter: string) => letter.toUpperCase());
