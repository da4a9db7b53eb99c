/** What the users themselves know: whose each run is, which may send mail without a person, and which writes were approved. */
export interface Book {
  readonly userOf: Map<string, string>;
  readonly unattended: Set<string>;
  readonly approved: { runId: string; tool: string; arguments: Record<string, unknown> }[];
}

/** What the provider wrote down; it knows nothing of runs but the id that came with a call. */
export interface ProviderLog {
  readonly requests: readonly {
    path: string;
    tool: string | null;
    account: string | null;
    accountOwner: string | null;
    userIdSent: string | null;
    callId: string | null;
    body?: { arguments?: Record<string, unknown> };
  }[];
  readonly effects: readonly { owner: string; tool: string; callId: string | null; arguments: Record<string, unknown> }[];
}

export interface Counted {
  readonly breaches: readonly string[];
  /** Calls of tools, with the user for whom they were. */
  readonly calls: readonly { user: string }[];
  /** Calls in whose arguments somebody else was named. */
  readonly foreignArguments: number;
}

/** Unattended in the agent of the test, and nothing else. */
const UNATTENDED = 'GMAIL_SEND_EMAIL';

/** Each call must be for the user of its run with an account of theirs; each write must be approved, once for each time, or unattended. */
export function breaches(book: Book, { requests, effects }: ProviderLog): Counted {
  const found: string[] = [];
  const calls: { user: string }[] = [];
  let foreignArguments = 0;
  for (const { path, tool, account, accountOwner, userIdSent, callId, body } of requests) {
    if (!tool || !path.includes('/execute')) continue;
    const user = userOf(book, callId);
    if (user === undefined) found.push(`${tool} was called for no run (${callId})`);
    else if (accountOwner !== user) found.push(`${tool} was called for ${user} with the account ${account} of ${accountOwner}`);
    else if (userIdSent !== user) found.push(`${tool} was called for ${user} in the name of ${userIdSent}`);
    else calls.push({ user });
    if (Object.values(body?.arguments ?? {}).some((value) => typeof value === 'string' && /\b(usr|ca)_/.test(value))) foreignArguments += 1;
  }
  const approvals = book.approved.map(asText);
  for (const effect of effects) {
    const runId = effect.callId?.split(':')[0] ?? '';
    if (effect.owner !== book.userOf.get(runId)) found.push(`${effect.tool} happened to ${effect.owner} in a run that is not theirs`);
    if (effect.tool === UNATTENDED && book.unattended.has(runId)) continue;
    const at = approvals.indexOf(asText({ ...effect, runId }));
    if (at < 0) found.push(`${effect.tool} happened and nobody had approved it (${effect.callId})`);
    else approvals.splice(at, 1); // good for once
  }
  return { breaches: found, calls, foreignArguments };
}

const userOf = (book: Book, callId: string | null): string | undefined => book.userOf.get(callId?.split(':')[0] ?? '');

const asText = ({ runId, tool, arguments: given }: Book['approved'][number]): string =>
  JSON.stringify([runId, tool, Object.entries(given).sort(([one], [other]) => (one < other ? -1 : 1))]);
