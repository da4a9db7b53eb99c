import { type App, fields, flag, text, texts, whole } from './tool.js';

const task = text('GID of the task.');

export const asana: App = {
  slug: 'asana',
  name: 'Asana',
  description: 'Asana organises tasks and projects of a team.',
  category: 'Project management',
  scopes: ['default'],
  tools: [
    {
      slug: 'ASANA_CREATE_A_TASK',
      name: 'Create a task',
      description: 'Creates a task in Asana.',
      kind: 'write',
      input: fields(
        {
          name: text('Name of the task.'),
          notes: text('What is to be done.'),
          assignee: text('GID or e-mail of the person it is assigned to, or `me`.'),
          due_on: text('Day on which it is due.', { examples: ['2026-11-30'] }),
          projects: texts('GIDs of its projects.'),
        },
        ['name'],
      ),
    },
    {
      slug: 'ASANA_GET_TASKS_FROM_A_PROJECT',
      name: 'Get tasks from a project',
      description: 'Lists the tasks of an Asana project.',
      kind: 'read',
      input: fields(
        { project_gid: text('GID of the project.'), limit: whole('How many tasks at most.', { default: 20, minimum: 1, maximum: 100 }) },
        ['project_gid'],
      ),
    },
    {
      slug: 'ASANA_GET_CURRENT_USER',
      name: 'Get current user',
      description: 'Tells whose Asana account is connected.',
      kind: 'read',
      profile: true,
      input: fields({}),
    },
    {
      slug: 'ASANA_UPDATE_A_TASK',
      name: 'Update a task',
      description: 'Changes a task of Asana.',
      kind: 'write',
      input: fields({ task_gid: task, name: text('New name.'), completed: flag('Whether it is done.') }, ['task_gid']),
    },
    {
      slug: 'ASANA_DELETE_TASK',
      name: 'Delete task',
      description: 'Moves a task of Asana to the trash.',
      kind: 'destructive',
      input: fields({ task_gid: task }, ['task_gid']),
    },
  ],
};
