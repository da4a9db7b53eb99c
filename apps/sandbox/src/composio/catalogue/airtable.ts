import { type App, fields, text, whole } from './tool.js';

const base = text('ID of the base.', { examples: ['appAbC123'] });
const table = text('ID or name of the table.');

export const airtable: App = {
  slug: 'airtable',
  name: 'Airtable',
  description: 'Airtable holds tables that a team works on together.',
  category: 'Productivity',
  scopes: ['data.records:read', 'data.records:write', 'user.email:read'],
  tools: [
    {
      slug: 'AIRTABLE_LIST_RECORDS',
      name: 'List records',
      description: 'Lists the records of an Airtable table.',
      kind: 'read',
      input: fields(
        {
          baseId: base,
          tableIdOrName: table,
          filterByFormula: text('Only records for which this formula holds.'),
          pageSize: whole('How many records at most.', { default: 100, minimum: 1, maximum: 100 }),
        },
        ['baseId', 'tableIdOrName'],
      ),
    },
    {
      slug: 'AIRTABLE_GET_USER_INFO',
      name: 'Get user info',
      description: 'Tells whose Airtable account is connected.',
      kind: 'read',
      profile: true,
      input: fields({}),
    },
    {
      slug: 'AIRTABLE_CREATE_RECORD',
      name: 'Create record',
      description: 'Adds a record to an Airtable table.',
      kind: 'write',
      input: fields(
        {
          baseId: base,
          tableIdOrName: table,
          fields: { type: 'object', description: 'Values by the name of their field.', properties: {} },
        },
        ['baseId', 'tableIdOrName', 'fields'],
      ),
    },
    {
      slug: 'AIRTABLE_DELETE_RECORD',
      name: 'Delete record',
      description: 'Deletes a record from an Airtable table.',
      kind: 'destructive',
      input: fields({ baseId: base, tableIdOrName: table, recordId: text('ID of the record.') }, ['baseId', 'tableIdOrName', 'recordId']),
    },
  ],
};
