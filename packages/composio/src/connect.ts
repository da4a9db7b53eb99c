import { z } from 'zod';
import { type Answer, judge, parse, type Question, said } from './calls/answers.js';
import type { Calls, Sending, Turn } from './calls/calls.js';
import type { ComposioConfig } from './config.js';
import { accountId } from './entity-id.js';
import { ConnectSessionGone, IdentityMismatch, InvalidRequest, Misconfigured, OutcomeUnknown } from './errors.js';
import type { AccountId, App, EntityId } from './port.js';

/** How long an attempt to connect lives at Composio. */
export const tenMinutesOn = (): Date => new Date(Date.now() + 600_000);

/** A link that a browser may be sent to: https; also http when Composio itself is spoken to by http, which only the emulator is. */
export function linkOf(raw: string, config: ComposioConfig): URL {
  const url = URL.canParse(raw) ? new URL(raw) : null;
  if (url && (url.protocol === 'https:' || (url.protocol === 'http:' && config.COMPOSIO_BASE_URL.startsWith('http:')))) return url;
  throw new OutcomeUnknown('Composio gave a link to the provider that is not https');
}

const completed = z.object({
  connected_account_id: z.string().regex(/^[\w-]{1,200}$/),
  toolkit_slug: z.string().transform((slug) => slug.toLowerCase()),
});
const COMPLETE: Question = { kind: 'write', api: 'v3', missing: 'account' };

/** Neither SDK has this call, so both drivers post it: once, whatever comes back. */
export async function completeAuth(
  calls: Calls,
  { sessionUri, signedIn }: { sessionUri: string; signedIn: EntityId },
  turn: Turn,
  post: (path: string, body: object, how: Sending) => Promise<Answer>,
): Promise<{ accountId: AccountId; app: App }> {
  if (sessionUri === '' || sessionUri.length > 512) throw new InvalidRequest('not a session URI');
  const body = { session_uri: sessionUri, user_id: signedIn };
  const answer = await calls.once(turn, COMPLETE, (how) => post('/api/v3.1/connected_accounts/complete_auth', body, how));
  const { message, envelope, ...what } = said(answer);
  if (answer.status === 400 && envelope) throw new IdentityMismatch(what);
  if (answer.status === 404 && envelope) {
    // A named account that is not found is one of another project: the flow was started with another key.
    if (what.composioCode === 606 || what.composioCode === 1810 || message.startsWith('Connected account "')) {
      throw new Misconfigured('This connect session belongs to another Composio project', what);
    }
    throw new ConnectSessionGone(what);
  }
  judge(answer, COMPLETE);
  const { connected_account_id, toolkit_slug } = parse(completed, answer, COMPLETE);
  return { accountId: accountId(connected_account_id), app: toolkit_slug };
}
