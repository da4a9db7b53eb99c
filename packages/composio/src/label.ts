import { randomUUID } from 'node:crypto';
import type { App, Call, ComposioPort, PinnedAccount, ToolName } from './port.js';
import { READ_MS } from './timeouts.js';

interface ProfileRead {
  tool: ToolName;
  arguments: Record<string, unknown>;
  /** Where the answer names the person, the best name first. */
  names: readonly string[];
}

/**
 * The one read per app that tells who is signed in there. The key of a service that asks for labels needs the permission to execute these
 * tools and no other; an app that is not listed has no label.
 */
const PROFILE_READS: Readonly<Record<App, ProfileRead>> = {
  slack: { tool: 'SLACK_TEST_AUTH', arguments: {}, names: ['user'] },
  gmail: { tool: 'GMAIL_GET_PROFILE', arguments: { user_id: 'me' }, names: ['emailAddress'] },
  github: { tool: 'GITHUB_GET_THE_AUTHENTICATED_USER', arguments: {}, names: ['login', 'email'] },
  notion: {
    tool: 'NOTION_GET_ABOUT_ME',
    arguments: {},
    names: ['person.email', 'bot.owner.user.person.email', 'bot.owner.user.name', 'name'],
  },
  googlecalendar: { tool: 'GOOGLECALENDAR_GET_CALENDAR', arguments: { calendar_id: 'primary' }, names: ['calendar_data.id', 'id'] },
  googledrive: { tool: 'GOOGLEDRIVE_GET_ABOUT', arguments: { fields: 'user' }, names: ['user.emailAddress', 'user.displayName'] },
  outlook: { tool: 'OUTLOOK_GET_PROFILE', arguments: { user_id: 'me' }, names: ['mail', 'userPrincipalName', 'displayName'] },
  linear: { tool: 'LINEAR_GET_CURRENT_USER', arguments: {}, names: ['email', 'user.email', 'name', 'user.name'] },
  jira: { tool: 'JIRA_GET_CURRENT_USER', arguments: {}, names: ['emailAddress', 'displayName'] },
  asana: { tool: 'ASANA_GET_CURRENT_USER', arguments: {}, names: ['email', 'name'] },
  dropbox: { tool: 'DROPBOX_GET_ABOUT_ME', arguments: {}, names: ['email', 'name.display_name'] },
  airtable: { tool: 'AIRTABLE_GET_USER_INFO', arguments: {}, names: ['email', 'id'] },
};

/** Composio wraps the answers of some tools once more. */
const WRAPPERS = ['', 'response_data.', 'data.'];
const LONGEST = 200;

/** Both drivers' `accountLabel`: one execution of the app's profile read, with the same checks as any other. */
export async function accountLabel(port: Pick<ComposioPort, 'executeTool'>, account: PinnedAccount, c: Call): Promise<string | null> {
  const read = Object.hasOwn(PROFILE_READS, account.app) ? PROFILE_READS[account.app] : undefined;
  if (!read) return null;
  const outcome = await port.executeTool(
    { owner: account.owner, account, tool: read.tool, version: null, arguments: read.arguments, callId: `label-${randomUUID()}` },
    { timeoutMs: READ_MS, ...c },
  );
  return outcome.ok ? labelIn(outcome.data, read.names) : null;
}

export function labelIn(data: Record<string, unknown>, names: readonly string[]): string | null {
  for (const wrapper of WRAPPERS) {
    for (const name of names) {
      const label = plain(at(data, `${wrapper}${name}`));
      if (label) return label;
    }
  }
  return null;
}

function at(data: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce(
      (inner, key) => (typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key) ? inner[key as never] : undefined),
      data,
    );
}

/** A line of text that can be shown: whoever named the account may have put direction marks or line breaks into it, to pass for another. */
function plain(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const shown = value.replace(/\p{C}/gu, ' ').replace(/\s+/g, ' ').trim();
  return shown === '' ? null : [...shown].slice(0, LONGEST).join('');
}
