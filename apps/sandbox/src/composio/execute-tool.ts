import { Ajv } from 'ajv';
import { type Account, shortId } from './account.js';
import type { ApiCall } from './api-calls.js';
import { findTool, KNOWN_VERSIONS } from './catalogue/catalogue.js';
import type { App, JsonSchema, Tool } from './catalogue/tool.js';
import { ComposioError, noSuchTool } from './errors.js';
import { atProvider } from './provider.js';

export interface Execution {
  slug: string;
  accountId: string | undefined;
  /** null: the legacy route names no user, so that nothing can be compared. */
  userId: string | null;
  arguments: Record<string, unknown>;
  version: string | undefined;
}
export interface Outcome {
  data: Record<string, unknown>;
  error: string | null;
  successful: boolean;
  logId: string;
}

const ajv = new Ajv({ strict: false, allErrors: true });

/** The checks in Composio's order; the provider comes last. An outcome that did not succeed is still a 200. */
export function executeTool({ project, record }: ApiCall, run: Execution): Outcome {
  const { tool, app } = usableTool(run.slug);
  const account = accountFor(project, run, app);
  if (run.userId !== null && account.owner !== run.userId) {
    throw new ComposioError(
      400,
      1812,
      'ActionExecute_ConnectedAccountEntityIdMismatch',
      'Connected account does not belong to this user_id',
    );
  }
  if (account.app !== app.slug) {
    throw new ComposioError(
      400,
      1811,
      'ActionExecute_ConnectedAccountAppMismatch',
      `Connected account is of ${account.app}, not ${app.slug}`,
    );
  }
  refuseUnusable(account);
  const logId = shortId('log');
  const failure = (error: string): Outcome => ({ data: {}, error, successful: false, logId });
  const wrong = faultsOf(tool.input, run.arguments);
  if (wrong) return failure(wrong);
  if (run.version !== undefined && !KNOWN_VERSIONS.includes(run.version)) {
    throw new ComposioError(400, 2302, 'Tool_ToolVersionNotFound', `Version ${run.version} of ${tool.slug} not found`);
  }
  if (account.providerHealth === 'refuse') return failure('invalid_auth');
  if (account.providerHealth === 'limit')
    return failure(`429 Client Error: Too Many Requests for ${app.name}: rate limit exceeded, retry later`);
  const answer = atProvider(project, account, tool, run.arguments);
  if ('error' in answer) return failure(answer.error);
  if (tool.kind !== 'read') {
    project.addEffect({
      at: new Date(project.clock.now()).toISOString(),
      project: project.name,
      owner: account.owner,
      account: account.id,
      app: app.slug,
      tool: tool.slug,
      arguments: run.arguments,
      result: answer.data,
      callId: record.callId,
      requestId: record.requestId,
      logId,
    });
  }
  return { data: answer.data, error: null, successful: true, logId };
}

function usableTool(slug: string): { tool: Tool; app: App } {
  const found = findTool(slug);
  if (!found) throw noSuchTool(slug);
  if (found.tool.withdrawn) throw new ComposioError(410, 2310, 'Tool_ToolWithdrawn', `Tool ${slug} is no longer available`);
  return found;
}

function accountFor(project: ApiCall['project'], run: Execution, app: App): Account {
  if (run.accountId !== undefined) {
    const account = project.accounts.live(run.accountId);
    if (!account)
      throw new ComposioError(404, 1810, 'ActionExecute_ConnectedAccountNotFound', `Connected account ${run.accountId} not found`);
    return account;
  }
  const own = run.userId === null ? [] : project.accounts.select({ owners: [run.userId], apps: [app.slug], statuses: ['ACTIVE'] });
  const newest = own.at(-1);
  if (!newest) throw new ComposioError(400, 1803, null, `No connected account found for user ${run.userId} for toolkit ${app.slug}`);
  return newest;
}

function refuseUnusable({ status, isDisabled, id }: Account): void {
  if (status === 'EXPIRED') {
    throw new ComposioError(410, 1820, 'ActionExecute_ConnectedAccountExpired', `Connected account ${id} is in EXPIRED state`);
  }
  if (status !== 'ACTIVE' || isDisabled) {
    const state = isDisabled ? 'disabled' : status;
    throw new ComposioError(422, 1821, 'ActionExecute_ConnectedAccountInvalidState', `Connected account ${id} is ${state}`);
  }
}

/** In the words that integrators quote: 200 and `successful: false`, the text being all there is. */
function faultsOf(schema: JsonSchema, given: Record<string, unknown>): string | null {
  const validate = ajv.compile(schema);
  if (validate(given)) return null;
  const missing = (validate.errors ?? [])
    .filter(({ keyword }) => keyword === 'required')
    .map(({ params }) => `'${params.missingProperty}'`);
  const others = (validate.errors ?? [])
    .filter(({ keyword }) => keyword !== 'required')
    .map(({ instancePath, message }) => `- ${instancePath.slice(1)} ${message}`);
  const lines = [...(missing.length > 0 ? [`- Following fields are missing: {${missing.join(', ')}}`] : []), ...others];
  return `Invalid request data provided\n${lines.join('\n')}`;
}
