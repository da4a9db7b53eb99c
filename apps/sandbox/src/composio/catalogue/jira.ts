import { type App, fields, text, texts, whole } from './tool.js';

const issue = text('Key or ID of the issue.', { examples: ['PROJ-123'] });

export const jira: App = {
  slug: 'jira',
  name: 'Jira',
  description: 'Jira tracks issues and projects.',
  category: 'Project management',
  scopes: ['read:jira-work', 'write:jira-work', 'read:jira-user'],
  tools: [
    {
      slug: 'JIRA_CREATE_ISSUE',
      name: 'Create issue',
      description: 'Creates an issue in a project of Jira.',
      kind: 'write',
      input: fields(
        {
          project_key: text('Key of the project.', { examples: ['PROJ'] }),
          summary: text('One line that says what it is about.'),
          description: text('Text of the issue.'),
          issue_type: text('Kind of issue.', { default: 'Task', examples: ['Task', 'Bug'] }),
          assignee: text('Account ID of the person it is assigned to.'),
          labels: texts('Labels of the issue.'),
        },
        ['project_key', 'summary'],
      ),
    },
    {
      slug: 'JIRA_SEARCH_FOR_ISSUES_USING_JQL_GET',
      name: 'Search issues by JQL',
      description: 'Finds issues of Jira by a JQL query.',
      kind: 'read',
      input: fields(
        {
          jql: text('The query.', { examples: ['project = PROJ AND status = "To Do"'] }),
          max_results: whole('How many issues at most.', { default: 50, minimum: 1, maximum: 100 }),
        },
        ['jql'],
      ),
    },
    {
      slug: 'JIRA_GET_CURRENT_USER',
      name: 'Get current user',
      description: 'Tells whose Jira account is connected.',
      kind: 'read',
      profile: true,
      input: fields({}),
    },
    {
      slug: 'JIRA_ADD_COMMENT',
      name: 'Add comment',
      description: 'Adds a comment to an issue of Jira.',
      kind: 'write',
      input: fields({ issue_id_or_key: issue, comment: text('Text of the comment.') }, ['issue_id_or_key', 'comment']),
    },
    {
      slug: 'JIRA_DELETE_ISSUE',
      name: 'Delete issue',
      description: 'Deletes an issue of Jira. It cannot be brought back.',
      kind: 'destructive',
      input: fields({ issue_id_or_key: issue, delete_subtasks: text('Whether its sub-tasks go, too.', { enum: ['true', 'false'] }) }, [
        'issue_id_or_key',
      ]),
    },
  ],
};
