import type { Question } from './calls/answers.js';
import type { ComposioConfig } from './config.js';
import { listPage, readAccount } from './core/accounts.js';
import { appsPage } from './core/apps.js';
import { answerOf, options } from './core/client.js';
import { complete, start } from './core/connect.js';
import { CoreReader } from './core/reader.js';
import { remove } from './core/remove.js';
import { readTools } from './core/tools.js';
import { accountLabel } from './label.js';
import type { AccountFilter, Call, ComposioAudit, ComposioPort, PinnedAccount, ToolName } from './port.js';
import { EXECUTE_MS, READ_MS, WRITE_MS } from './timeouts.js';
import { type Execution, prepare, readExecution } from './tools/execute.js';
import { KnownTools } from './tools/known-tools.js';

const EXECUTE: Question = { kind: 'execute', api: 'v3', missing: 'tool' };

/** The port over `@composio/core`, API v3.1. */
export class CoreDriver implements ComposioPort {
  readonly driver = 'core';
  readonly supports = {
    hostedLink: true,
    verifiedReturn: true,
    revoke: true,
    toolVersions: true,
    listByStatus: true,
    ownerSentWithExecute: true,
  };
  private readonly reader: CoreReader;
  private readonly known = new KnownTools();

  constructor(config: ComposioConfig) {
    this.reader = new CoreReader(config);
  }

  async startConnection(r: Parameters<ComposioPort['startConnection']>[0], c: Call) {
    return start(this.reader, r, this.reader.calls.turn(c, WRITE_MS));
  }

  async completeConnection(r: Parameters<ComposioPort['completeConnection']>[0], c: Call) {
    return complete(this.reader, r, this.reader.calls.turn(c, WRITE_MS));
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
    return appsPage(this.reader, r, this.reader.calls.turn(c, READ_MS));
  }

  async getTools(names: readonly ToolName[], c: Call) {
    const turn = this.reader.calls.turn(c, READ_MS);
    return this.known.answer(names, await readTools(this.reader, [...new Set(names)], turn));
  }

  async executeTool(r: Execution, c: Call) {
    const turn = this.reader.calls.turn(c, EXECUTE_MS);
    const prepared = prepare(r, this.known);
    if ('refused' in prepared) return prepared.refused;
    const body = {
      user_id: r.owner,
      connected_account_id: r.account.id,
      arguments: prepared.arguments,
      ...(r.version === null ? {} : { version: r.version }),
    };
    const answer = await this.reader.calls.once(
      turn,
      EXECUTE,
      (how) => answerOf(this.reader.client.tools.execute(r.tool, body, options(how))),
      { 'x-gatehouse-call-id': r.callId },
    );
    return readExecution(answer, EXECUTE);
  }
}

/** Every user's accounts: made only by `createComposioAudit`. */
export class CoreAudit implements ComposioAudit {
  private readonly reader: CoreReader;

  constructor(config: ComposioConfig) {
    this.reader = new CoreReader(config);
  }

  async listEveryAccount(r: AccountFilter, c: Call) {
    const { owner: _, ...filter } = r as AccountFilter & { owner?: never };
    return listPage(this.reader, filter, this.reader.calls.turn(c, READ_MS));
  }
}
