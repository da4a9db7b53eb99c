import { judge, noTrust, parse, type Question, said } from './calls/answers.js';
import type { ComposioConfig } from './config.js';
import { completeAuth, linkOf, tenMinutesOn } from './connect.js';
import { type Place, START } from './cursors.js';
import { accountId } from './entity-id.js';
import { accountLabel } from './label.js';
import { listPage, readAccount, remove } from './legacy/accounts.js';
import { integrationOf, listApps } from './legacy/apps.js';
import { answerOf } from './legacy/client.js';
import { LegacyReader, nextPage } from './legacy/reader.js';
import { actionPage, initiated } from './legacy/shapes.js';
import type {
  AccountFilter,
  Call,
  ComposioAudit,
  ComposioPort,
  PinnedAccount,
  StartedConnection,
  ToolDefinition,
  ToolName,
} from './port.js';
import { EXECUTE_MS, READ_MS, WRITE_MS } from './timeouts.js';
import { type Execution, prepare, readExecution } from './tools/execute.js';
import { KnownTools } from './tools/known-tools.js';

const EXECUTE: Question = { kind: 'execute', api: 'v1', missing: 'tool' };
const INITIATE: Question = { kind: 'write', api: 'v1', missing: 'authConfig' };
const NAMES_A_REQUEST = 50;

/** The port over `composio-core`, APIs v1 and v2, with two calls of v3.1. Its execute names no user: our owner check is the only one. */
export class LegacyDriver implements ComposioPort {
  readonly driver = 'legacy';
  readonly supports = {
    hostedLink: false,
    verifiedReturn: true, // whether Composio sends old flows to the verifier is unproven; where it does not, an account is ACTIVE unredeemed and so refused
    revoke: true,
    toolVersions: false,
    listByStatus: false,
    ownerSentWithExecute: false,
  };
  private readonly known = new KnownTools();

  private constructor(private readonly reader: LegacyReader) {}

  static async open(config: ComposioConfig): Promise<LegacyDriver> {
    return new LegacyDriver(await LegacyReader.open(config));
  }

  async startConnection(r: Parameters<ComposioPort['startConnection']>[0], c: Call): Promise<StartedConnection> {
    const { reader } = this;
    const turn = reader.calls.turn(c, WRITE_MS);
    const integration = await integrationOf(reader, r.app, turn);
    const answer = await reader.calls.once(turn, INITIATE, (how) =>
      answerOf(how, () =>
        reader.client.sdk.connectedAccounts.initiate({
          appName: r.app,
          integrationId: integration.id,
          entityId: r.owner,
          redirectUri: r.returnTo.href,
        }),
      ),
    );
    judge(answer, INITIATE);
    const { connectedAccountId, redirectUrl } = parse(initiated, answer, INITIATE).connectionResponse;
    if (!redirectUrl) throw noTrust(INITIATE, 'Composio gave no link to the provider', said(answer));
    return {
      accountId: accountId(connectedAccountId),
      redirectUrl: linkOf(redirectUrl, reader.config),
      expiresAt: tenMinutesOn(),
      via: 'initiate',
    };
  }

  async completeConnection(r: Parameters<ComposioPort['completeConnection']>[0], c: Call) {
    const { reader } = this;
    return completeAuth(reader.calls, r, reader.calls.turn(c, WRITE_MS), (path, body, how) => reader.post(path, body, how));
  }

  async getAccount(r: Parameters<ComposioPort['getAccount']>[0], c: Call) {
    return readAccount(this.reader, r.id, r.owner, this.reader.calls.turn(c, READ_MS));
  }

  async listAccounts(r: Parameters<ComposioPort['listAccounts']>[0], c: Call) {
    return listPage(this.reader, r, this.reader.calls.turn(c, READ_MS));
  }

  async removeAccount(r: Parameters<ComposioPort['removeAccount']>[0], c: Call) {
    return remove(this.reader, r, this.reader.calls.turn(c, WRITE_MS));
  }

  async accountLabel(account: PinnedAccount, c: Call) {
    return accountLabel(this, account, c);
  }

  async listApps(r: Parameters<ComposioPort['listApps']>[0], c: Call) {
    return listApps(this.reader, r.search, this.reader.calls.turn(c, READ_MS));
  }

  async getTools(names: readonly ToolName[], c: Call) {
    const turn = this.reader.calls.turn(c, READ_MS);
    const asked = [...new Set(names)];
    const found = new Map<ToolName, ToolDefinition>();
    for (let from = 0; from < asked.length; from += NAMES_A_REQUEST) {
      const actions = asked.slice(from, from + NAMES_A_REQUEST).join(',');
      for (let at: Place | null = START; at; ) {
        const params = { actions, page: at.page, limit: NAMES_A_REQUEST };
        const answer = await this.reader.read(turn, 'tool', actionPage, () => this.reader.client.http.get('/api/v2/actions', { params }));
        for (const tool of answer.items) found.set(tool.name, tool);
        const ids = answer.items.map(({ name }) => name);
        at = nextPage(at, ids, answer.totalPages);
      }
    }
    return this.known.answer(asked, found);
  }

  async executeTool(r: Execution, c: Call) {
    const { calls, client } = this.reader;
    const turn = calls.turn(c, EXECUTE_MS);
    const prepared = prepare(r, this.known);
    if ('refused' in prepared) return prepared.refused;
    const requestBody = { connectedAccountId: r.account.id, input: prepared.arguments, appName: r.account.app };
    const answer = await calls.once(
      turn,
      EXECUTE,
      (how) => answerOf(how, () => client.sdk.actions.execute({ actionName: r.tool, requestBody })),
      { 'x-gatehouse-call-id': r.callId },
    );
    return readExecution(answer, EXECUTE);
  }
}

/** Every user's accounts: made only by `createComposioAudit`. */
export class LegacyAudit implements ComposioAudit {
  private constructor(private readonly reader: LegacyReader) {}

  static async open(config: ComposioConfig): Promise<LegacyAudit> {
    return new LegacyAudit(await LegacyReader.open(config));
  }

  async listEveryAccount(r: AccountFilter, c: Call) {
    const { owner: _, ...filter } = r as AccountFilter & { owner?: never };
    return listPage(this.reader, filter, this.reader.calls.turn(c, READ_MS));
  }
}
