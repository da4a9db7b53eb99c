import { type App, fields, flag, text, texts, whole } from './tool.js';

const owner = text('Account that owns the repository. Not case sensitive.', { examples: ['octocat'] });
const repo = text('Name of the repository without `.git`.', { examples: ['Hello-World'] });
const issueNumber = whole('Number of the issue.', { minimum: 1 });

export const github: App = {
  slug: 'github',
  name: 'GitHub',
  description: 'GitHub hosts Git repositories, issues and pull requests.',
  category: 'Developer tools',
  scopes: ['repo', 'read:user'],
  tools: [
    {
      slug: 'GITHUB_CREATE_AN_ISSUE',
      name: 'Create an issue',
      description: 'Creates an issue in a GitHub repository.',
      kind: 'write',
      input: fields(
        {
          owner,
          repo,
          title: text('Title of the issue.'),
          body: text('Text of the issue, in Markdown.'),
          labels: texts('Labels of the issue.'),
          assignees: texts('Logins of the people it is assigned to.'),
        },
        ['owner', 'repo', 'title'],
      ),
    },
    {
      slug: 'GITHUB_LIST_REPOSITORY_ISSUES',
      name: 'List repository issues',
      description: 'Lists the issues of a GitHub repository.',
      kind: 'read',
      input: fields(
        {
          owner,
          repo,
          state: text('Which issues.', { enum: ['open', 'closed', 'all'], default: 'open' }),
          per_page: whole('How many issues at most.', { default: 30, minimum: 1, maximum: 100 }),
        },
        ['owner', 'repo'],
      ),
    },
    {
      slug: 'GITHUB_GET_AN_ISSUE',
      name: 'Get an issue',
      description: 'Reads one issue of a GitHub repository.',
      kind: 'read',
      input: fields({ owner, repo, issue_number: issueNumber }, ['owner', 'repo', 'issue_number']),
    },
    {
      slug: 'GITHUB_GET_THE_AUTHENTICATED_USER',
      name: 'Get the authenticated user',
      description: 'Tells whose GitHub account is connected.',
      kind: 'read',
      profile: true,
      input: fields({}),
    },
    {
      slug: 'GITHUB_LIST_REPOSITORIES_FOR_THE_AUTHENTICATED_USER',
      name: 'List repositories for the authenticated user',
      description: 'Lists the GitHub repositories that the connected person can see.',
      kind: 'read',
      input: fields({ per_page: whole('How many repositories at most.', { default: 30, minimum: 1, maximum: 100 }) }),
    },
    {
      slug: 'GITHUB_CREATE_AN_ISSUE_COMMENT',
      name: 'Create an issue comment',
      description: 'Adds a comment to an issue or pull request on GitHub.',
      kind: 'write',
      input: fields({ owner, repo, issue_number: issueNumber, body: text('Text of the comment, in Markdown.') }, [
        'owner',
        'repo',
        'issue_number',
        'body',
      ]),
    },
    {
      slug: 'GITHUB_UPDATE_AN_ISSUE',
      name: 'Update an issue',
      description: 'Changes title, text or state of a GitHub issue; `state: closed` closes it.',
      kind: 'write',
      input: fields(
        {
          owner,
          repo,
          issue_number: issueNumber,
          title: text('New title.'),
          body: text('New text.'),
          state: text('New state.', { enum: ['open', 'closed'] }),
          locked: flag('Whether the conversation is locked.'),
        },
        ['owner', 'repo', 'issue_number'],
      ),
    },
    {
      slug: 'GITHUB_DELETE_A_REPOSITORY',
      name: 'Delete a repository',
      description: 'Deletes a GitHub repository with everything in it. It cannot be brought back.',
      kind: 'destructive',
      input: fields({ owner, repo }, ['owner', 'repo']),
    },
  ],
};
