import { type App, fields, text, whole } from './tool.js';

/** No read here tells who is signed in: such an app has no account label. */
export const hubspot: App = {
  slug: 'hubspot',
  name: 'HubSpot',
  description: 'HubSpot keeps the contacts and deals of a sales team.',
  category: 'CRM',
  scopes: ['crm.objects.contacts.read', 'crm.objects.contacts.write'],
  tools: [
    {
      slug: 'HUBSPOT_LIST_CONTACTS',
      name: 'List contacts',
      description: 'Lists the contacts in HubSpot.',
      kind: 'read',
      input: fields({
        limit: whole('How many contacts at most.', { default: 10, minimum: 1, maximum: 100 }),
        after: text('Cursor of the next page, from an earlier answer.'),
      }),
    },
    {
      slug: 'HUBSPOT_CREATE_CONTACT',
      name: 'Create contact',
      description: 'Adds a contact to HubSpot.',
      kind: 'write',
      input: fields(
        {
          email: text('E-mail address of the contact.'),
          firstname: text('First name.'),
          lastname: text('Last name.'),
          company: text('Company.'),
        },
        ['email'],
      ),
    },
    {
      slug: 'HUBSPOT_CREATE_DEAL',
      name: 'Create deal',
      description: 'Adds a deal to HubSpot.',
      kind: 'write',
      input: fields({ dealname: text('Name of the deal.'), amount: text('What it is worth.'), dealstage: text('Its stage.') }, [
        'dealname',
      ]),
    },
    {
      slug: 'HUBSPOT_ARCHIVE_CONTACT',
      name: 'Archive contact',
      description: 'Moves a contact of HubSpot to the recycling bin.',
      kind: 'destructive',
      input: fields({ contact_id: text('ID of the contact.') }, ['contact_id']),
    },
  ],
};
