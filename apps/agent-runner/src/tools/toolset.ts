import { accountId, entityId, OwnerMismatch, type PinnedAccount, type ToolDefinition } from '@gatehouse/composio';
import type { Verdict } from '@gatehouse/contracts';
import type { ToolClass, ToolRow } from '../agent/agents.js';

export interface OfferedTool {
  readonly name: string;
  readonly class: ToolClass;
  readonly title: string;
  readonly definition: ToolDefinition;
  readonly account: PinnedAccount;
  readonly connectionId: string;
  readonly epoch: number;
}

/** The tools of one run: one user, pinned accounts, exact names. `buildToolset` is its only maker. */
export class Toolset {
  readonly #tools: ReadonlyMap<string, OfferedTool>;

  private constructor(
    readonly userId: string,
    tools: ReadonlyMap<string, OfferedTool>,
  ) {
    this.#tools = tools;
  }

  /** @internal */
  static make(userId: string, tools: ReadonlyMap<string, OfferedTool>, key: typeof maker): Toolset {
    if (key !== maker) throw new Error('only buildToolset makes a toolset');
    return new Toolset(userId, tools);
  }

  /** Throws unless it is a toolset, and this user's: an object that merely looks like one has no tools. */
  static of(toolset: unknown, userId: string): Toolset {
    if (!(typeof toolset === 'object' && toolset !== null && #tools in toolset)) throw new TypeError('not a toolset');
    if (toolset.userId !== userId) throw new OwnerMismatch('this toolset belongs to another user');
    return toolset;
  }

  get(name: string): OfferedTool | undefined {
    return this.#tools.get(name);
  }

  get all(): OfferedTool[] {
    return [...this.#tools.values()];
  }
}

const maker = Symbol('buildToolset');

/**
 * `wanted` are exact names; one is offered only if the policy table has it, the verdict has an account for its app, and Composio knows it for
 * that same app and it takes no files. Throws `OwnerMismatch` when the verdict, or any account in it, is not the run's user's.
 */
export function buildToolset(
  run: { userId: string },
  verdict: Verdict,
  wanted: readonly string[],
  known: { table: ReadonlyMap<string, ToolRow>; definitions: ReadonlyMap<string, ToolDefinition> },
): Toolset {
  if (verdict.userId !== run.userId) throw new OwnerMismatch('the verdict is for another user');
  const foreign = verdict.accounts.find(({ owner }) => owner !== run.userId);
  if (foreign) throw new OwnerMismatch(`the account for ${foreign.app} belongs to another user`);
  if (verdict.verdict === 'blocked') throw new Error('a blocked run has no tools');
  const accounts = new Map(verdict.accounts.map((account) => [account.app, account]));
  const tools = new Map<string, OfferedTool>();
  for (const name of wanted) {
    const row = known.table.get(name);
    const definition = known.definitions.get(name);
    const account = row && accounts.get(row.app);
    if (!row || !account || !definition || definition.app !== row.app || definition.takesFiles) continue;
    const pinned = { id: accountId(account.accountId), owner: entityId(account.owner), app: account.app };
    const { connectionId, epoch } = account;
    tools.set(name, { name, class: row.class, title: row.title, definition, account: pinned, connectionId, epoch });
  }
  return Toolset.make(run.userId, tools, maker);
}
