import {
  applyDecorators,
  type CallHandler,
  Controller,
  createParamDecorator,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  UseFilters,
  UseInterceptors,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { NEVER, type Observable } from 'rxjs';
import { shortId } from './account.js';
import { findTool } from './catalogue/catalogue.js';
import { ComposioFilter, FaultAnswer } from './composio.filter.js';
import { invalidKey } from './errors.js';
import type { ActiveFault } from './faults.js';
import type { Project, RequestRecord } from './project.js';
import { Projects, readKey, type Scope } from './projects.js';
import { limitRate } from './rate-limit.js';

export interface ApiCall {
  project: Project;
  record: RequestRecord;
}
type CalledRequest = FastifyRequest & { call?: ApiCall };

/** A controller of Composio's API: every call is authenticated, limited, hit by faults and written down. */
export const ComposioApi = (...paths: string[]): ClassDecorator =>
  applyDecorators(Controller(paths), UseInterceptors(ApiCalls), UseFilters(ComposioFilter));

/** The call that is being served: its project, and its line in the request log. */
export const Call = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<CalledRequest>().call,
);

@Injectable()
export class ApiCalls implements NestInterceptor {
  constructor(private readonly projects: Projects) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<CalledRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const key = readKey(request.headers['x-api-key']);
    if (!key) throw invalidKey();
    const project = this.projects.get(key.project);
    const record = describe(request, project, key.scope);
    request.call = { project, record };
    writeDown(project, record, reply);
    limitRate(project, reply);
    const fault = project.faults.hit({ ...record, owner: record.userIdSent }, project.clock.now());
    if (fault) record.fault = fault.id;
    if (fault && !(await passes(fault, request))) return NEVER;
    if (!allowed(key.scope, request.method, pathOf(request))) throw invalidKey();
    if (!fault) return next.handle();
    return this.withFaultAfter(fault, request, reply, next);
  }

  private withFaultAfter({ effect }: ActiveFault, request: FastifyRequest, reply: FastifyReply, next: CallHandler): Observable<unknown> {
    if (!effect.reset && !effect.noAnswer && !effect.garble) return next.handle();
    next.handle().subscribe({
      next: (answer) => {
        if (effect.reset) request.raw.socket.destroy();
        if (effect.garble) garble(reply, effect.garble, answer);
      },
      error: () => request.raw.socket.destroy(),
    });
    return NEVER;
  }
}

/** What a fault does before anything is done. False: nothing more will happen to this request. */
async function passes({ effect }: ActiveFault, request: FastifyRequest): Promise<boolean> {
  if (effect.latencyMs !== undefined) {
    const { min, max } = typeof effect.latencyMs === 'number' ? { min: effect.latencyMs, max: effect.latencyMs } : effect.latencyMs;
    await new Promise((resolve) => setTimeout(resolve, min + Math.random() * (max - min)));
  }
  if (effect.reset === 'before') request.raw.socket.destroy();
  if (effect.reset === 'before' || effect.noAnswer === 'before') return false;
  if (effect.status !== undefined) throw new FaultAnswer(effect.status, effect.body, effect.headers);
  return true;
}

function garble(reply: FastifyReply, how: 'truncated' | 'html', answer: unknown): void {
  const whole = how === 'html' ? '<html><body>Bad gateway</body></html>' : JSON.stringify(answer);
  const body = how === 'html' ? whole : whole.slice(0, Math.ceil(whole.length / 2));
  void reply.hijack();
  reply.raw.writeHead(200, { 'content-type': 'application/json' }).end(body);
}

const pathOf = (request: FastifyRequest): string => request.url.split('?', 1)[0] ?? '';

const TOOL = /\/(?:tools\/execute|actions|tools)\/([A-Za-z0-9_]+)/;
const ACCOUNT = /\/connected_?accounts\/(ca_\w+|[0-9a-f]{8}-[0-9a-f-]{27})/i;

function describe(request: FastifyRequest, project: Project, scope: Scope): RequestRecord {
  const path = pathOf(request);
  const body = (request.body ?? {}) as Record<string, unknown>;
  const query = request.query as Record<string, unknown>;
  const connection = (body.connection ?? {}) as Record<string, unknown>;
  const tool = TOOL.exec(path)?.[1] ?? null;
  const accountId = text(body.connected_account_id) ?? text(body.connectedAccountId) ?? ACCOUNT.exec(path)?.[1] ?? null;
  const account = project.accounts.find(accountId ?? undefined);
  const config = project.authConfig(text(body.auth_config_id) ?? undefined);
  return {
    at: new Date(project.clock.now()).toISOString(),
    requestId: shortId('req'),
    method: request.method,
    path,
    query,
    key: scope,
    userIdSent:
      [body.user_id, connection.user_id, connection.entityId, query.user_ids, query.user_uuid, query.entityId].map(text).find(Boolean) ??
      null,
    account: accountId,
    accountOwner: account?.owner ?? null,
    app: account?.app ?? config?.app ?? findTool(tool ?? undefined)?.app.slug ?? text(query.toolkit_slugs) ?? null,
    tool,
    status: null,
    callId: text(request.headers['x-gatehouse-call-id']),
    traceparent: text(request.headers.traceparent),
    durationMs: 0,
    ...(project.settings.logBodies ? { body } : {}),
  };
}

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

function writeDown(project: Project, record: RequestRecord, reply: FastifyReply): void {
  const startedAt = performance.now();
  project.record(record);
  reply.raw.once('finish', () => {
    record.status = reply.raw.statusCode;
  });
  reply.raw.once('close', () => {
    record.durationMs = Math.round(performance.now() - startedAt);
    project.happened('request', record);
  });
}

/** A scoped key that lacks a permission is answered like a wrong one. */
function allowed(scope: Scope, method: string, path: string): boolean {
  const on = (...parts: string[]) => parts.some((part) => path.toLowerCase().includes(part));
  const reads = method === 'GET';
  if (scope === 'all') return true;
  if (scope === 'auditor') return reads && on('/connected_accounts', '/connectedaccounts');
  if (scope === 'runner') return on('/execute') || (reads && on('/tools', '/actions'));
  if (on('/execute')) return findTool(TOOL.exec(path)?.[1])?.tool.profile === true;
  return on('/connected_accounts', '/connectedaccounts') || (reads && on('/auth_configs', '/integrations', '/toolkits', '/apps'));
}
