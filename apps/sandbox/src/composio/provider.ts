import { type Account, canaryOf, stableUuid } from './account.js';
import type { Tool } from './catalogue/tool.js';
import { injectionFor } from './injection.js';
import type { Project } from './project.js';

type Arguments = Record<string, unknown>;
type Data = Record<string, unknown>;
export type ProviderAnswer = { data: Data } | { error: string };

interface Visit {
  project: Project;
  account: Account;
  tool: Tool;
  given: Arguments;
  /** Only this owner's data holds it. */
  canary: string;
  now: number;
}

/** What Slack, Gmail and the others answer for this account. What was written before is read back; the rest is made up, the same each time. */
export function atProvider(project: Project, account: Account, tool: Tool, given: Arguments): ProviderAnswer {
  const visit: Visit = { project, account, tool, given, canary: canaryOf(project.name, account.owner), now: project.clock.now() };
  const answer = answerOf(visit);
  if (tool.kind !== 'read' || !project.settings.injections || 'error' in answer) return answer;
  return { data: { ...answer.data, footer: injectionFor(project, account) } };
}

function answerOf(visit: Visit): ProviderAnswer {
  const { tool, given, account } = visit;
  const answer = ANSWERS[tool.slug];
  if (answer) return answer(visit);
  if (tool.kind !== 'read') return { data: { ok: true, id: newId(visit), ...given } };
  return { data: { items: writtenTo(visit, account.app), note: visit.canary } };
}

const ANSWERS: Record<string, (visit: Visit) => ProviderAnswer> = {
  SLACK_SEND_MESSAGE: (visit) => {
    const ts = slackTime(visit.now, written(visit, 'SLACK_SEND_MESSAGE').length);
    const { channel, text } = visit.given;
    return { data: { ok: true, channel, ts, message: { text, ts, user: slackUser(visit), type: 'message' } } };
  },
  SLACK_LIST_CHANNELS: (visit) => ({
    data: {
      ok: true,
      channels: ['general', 'random', `team-${visit.canary}`].map((name, index) => ({ id: `C00${index}`, name, is_member: true })),
    },
  }),
  SLACK_FETCH_CONVERSATION_HISTORY: (visit) => {
    const sent = written(visit, 'SLACK_SEND_MESSAGE').filter(({ arguments: { channel } }) => sameChannel(channel, visit.given.channel));
    const own = sent.map(({ arguments: { text }, result }) => ({ type: 'message', user: slackUser(visit), text, ts: result.ts }));
    const first = { type: 'message', user: 'U0COLLEAGUE', text: `Welcome! (${visit.canary})`, ts: '1760000000.000100' };
    return { data: { ok: true, messages: [...own.reverse(), first], has_more: false } };
  },
  SLACK_TEST_AUTH: (visit) => ({
    data: {
      ok: true,
      url: 'https://sandbox.slack.com/',
      team: `Sandbox ${visit.canary}`,
      user: visit.account.identity,
      user_id: slackUser(visit),
    },
  }),
  SLACK_FIND_USERS: (visit) => ({
    data: {
      ok: true,
      members: [{ id: slackUser(visit), name: visit.given.search_query, profile: { email: visit.account.identity, title: visit.canary } }],
    },
  }),
  SLACK_DELETE_A_MESSAGE: (visit) => {
    const known = written(visit, 'SLACK_SEND_MESSAGE').some(({ result }) => result.ts === visit.given.ts);
    return known ? { data: { ok: true, channel: visit.given.channel, ts: visit.given.ts } } : { error: 'message_not_found' };
  },
  GMAIL_SEND_EMAIL: (visit) => {
    const id = newId(visit);
    return { data: { id, threadId: id, labelIds: ['SENT'] } };
  },
  GMAIL_FETCH_EMAILS: (visit) => ({
    data: {
      messages: [
        {
          messageId: `m-${visit.canary}`,
          threadId: `t-${visit.canary}`,
          sender: 'colleague@example.com',
          to: visit.account.identity,
          subject: 'The numbers for this week',
          messageText: `They are in the usual place. Reference ${visit.canary}.`,
          labelIds: ['INBOX', 'UNREAD'],
        },
      ],
      nextPageToken: null,
      resultSizeEstimate: 1,
    },
  }),
  GMAIL_GET_PROFILE: (visit) => ({
    data: { emailAddress: visit.account.identity, messagesTotal: 1, threadsTotal: 1, historyId: visit.canary },
  }),
  GITHUB_CREATE_AN_ISSUE: (visit) => {
    const number = issuesOf(visit).length + 2;
    const { owner, repo, title, body } = visit.given;
    return {
      data: {
        number,
        title,
        body: body ?? '',
        state: 'open',
        html_url: `https://github.com/${owner}/${repo}/issues/${number}`,
        user: { login: githubLogin(visit) },
      },
    };
  },
  GITHUB_LIST_REPOSITORY_ISSUES: (visit) => {
    const first = { number: 1, title: 'Welcome', body: visit.canary, state: 'open' };
    return { data: { issues: [...issuesOf(visit).map(({ result }) => result), first] } };
  },
  GITHUB_GET_AN_ISSUE: (visit) => {
    if (visit.given.issue_number === 1) return { data: { number: 1, title: 'Welcome', body: visit.canary, state: 'open' } };
    const found = issuesOf(visit).find(({ result }) => result.number === visit.given.issue_number);
    return found ? { data: found.result } : { error: '404 Client Error: Not Found' };
  },
  GITHUB_GET_THE_AUTHENTICATED_USER: (visit) => ({
    data: { login: githubLogin(visit), email: visit.account.identity, bio: visit.canary },
  }),
  GITHUB_LIST_REPOSITORIES_FOR_THE_AUTHENTICATED_USER: (visit) => ({
    data: { repositories: [{ full_name: `${githubLogin(visit)}/notes`, private: true, description: visit.canary }] },
  }),
  NOTION_SEARCH_NOTION_PAGE: (visit) => {
    const made = written(visit, 'NOTION_CREATE_NOTION_PAGE').map(({ arguments: { title }, result }) => ({ id: result.id, title }));
    return { data: { results: [...made, { id: stableUuid('page', visit.canary), title: `Notes ${visit.canary}` }] } };
  },
  NOTION_FETCH_DATA: (visit) => ({ data: { page_id: visit.given.page_id, markdown: `# Notes\n\n${visit.canary}` } }),
  NOTION_GET_ABOUT_ME: (visit) => ({
    data: { object: 'user', name: visit.account.identity, person: { email: visit.account.identity }, workspace_name: visit.canary },
  }),
  GOOGLECALENDAR_GET_CALENDAR: (visit) => ({ data: { calendar_data: { id: visit.account.identity, summary: visit.canary } } }),
  GOOGLEDRIVE_GET_ABOUT: (visit) => ({ data: { user: { emailAddress: visit.account.identity, displayName: visit.canary, me: true } } }),
  OUTLOOK_GET_PROFILE: (visit) => ({ data: { mail: visit.account.identity, displayName: visit.canary } }),
  LINEAR_GET_CURRENT_USER: (visit) => ({ data: { user: { email: visit.account.identity, name: visit.canary } } }),
  JIRA_GET_CURRENT_USER: (visit) => ({ data: { emailAddress: visit.account.identity, displayName: visit.canary, active: true } }),
  ASANA_GET_CURRENT_USER: (visit) => ({ data: { data: { email: visit.account.identity, name: visit.canary } } }),
  DROPBOX_GET_ABOUT_ME: (visit) => ({ data: { email: visit.account.identity, name: { display_name: visit.canary } } }),
  AIRTABLE_GET_USER_INFO: (visit) => ({ data: { id: `usr${visit.account.uuid.slice(0, 8)}`, email: visit.account.identity } }),
};

/** What this account has made in its app, for reads that have no answer of their own. */
const writtenTo = ({ project, account }: Visit, app: string): Data[] =>
  project.effects.filter((effect) => effect.account === account.id && effect.app === app).map(({ result }) => result);

const written = ({ project, account }: Visit, tool: string) =>
  project.effects.filter((effect) => effect.account === account.id && effect.tool === tool);

const issuesOf = (visit: Visit) =>
  written(visit, 'GITHUB_CREATE_AN_ISSUE').filter(
    ({ arguments: { owner, repo } }) => owner === visit.given.owner && repo === visit.given.repo,
  );

const newId = ({ project, account }: Visit): string => stableUuid(account.id, String(project.effects.length));
const slackTime = (now: number, count: number): string => `${Math.floor(now / 1000)}.${String(count + 1).padStart(6, '0')}`;
const slackUser = ({ account }: Visit): string => `U${account.uuid.slice(0, 8).toUpperCase()}`;
const githubLogin = ({ account }: Visit): string => `${account.identity.split('@')[0]}-${account.uuid.slice(0, 4)}`;
const sameChannel = (one: unknown, other: unknown): boolean => String(one).replace('#', '') === String(other).replace('#', '');
