import { type App, fields, text, texts, whole } from './tool.js';

const issue = text('ID of the issue, or its name such as `ENG-12`.');

export const linear: App = {
  slug: 'linear',
  name: 'Linear',
  description: 'Linear tracks the work of software teams.',
  category: 'Project management',
  scopes: ['read', 'write'],
  tools: [
    {
      slug: 'LINEAR_CREATE_LINEAR_ISSUE',
      name: 'Create issue',
      description: 'Creates an issue in a team of Linear.',
      kind: 'write',
      input: fields(
        {
          team_id: text('ID of the team.'),
          title: text('Title of the issue.'),
          description: text('Text of the issue, in Markdown.'),
          priority: whole('0 none, 1 urgent to 4 low.', { minimum: 0, maximum: 4 }),
          assignee_id: text('ID of the person it is assigned to.'),
          label_ids: texts('IDs of its labels.'),
        },
        ['team_id', 'title'],
      ),
    },
    {
      slug: 'LINEAR_LIST_LINEAR_ISSUES',
      name: 'List issues',
      description: 'Lists the issues of Linear, optionally of one project.',
      kind: 'read',
      input: fields({
        first: whole('How many issues at most.', { default: 10, minimum: 1, maximum: 250 }),
        after: text('Cursor of the next page, from an earlier answer.'),
        project_id: text('Only issues of this project.'),
      }),
    },
    {
      slug: 'LINEAR_GET_CURRENT_USER',
      name: 'Get current user',
      description: 'Tells whose Linear account is connected.',
      kind: 'read',
      profile: true,
      input: fields({}),
    },
    {
      slug: 'LINEAR_CREATE_LINEAR_COMMENT',
      name: 'Create comment',
      description: 'Adds a comment to an issue of Linear.',
      kind: 'write',
      input: fields({ issue_id: issue, body: text('Text of the comment, in Markdown.') }, ['issue_id', 'body']),
    },
    {
      slug: 'LINEAR_DELETE_LINEAR_ISSUE',
      name: 'Delete issue',
      description: 'Moves an issue of Linear to the trash.',
      kind: 'destructive',
      input: fields({ issue_id: issue }, ['issue_id']),
    },
  ],
};
