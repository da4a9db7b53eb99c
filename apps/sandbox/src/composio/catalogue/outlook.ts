import { type App, fields, flag, text, texts, whole } from './tool.js';

const mailbox = text("The mailbox: an address, or `me` for the connected person's own.", { default: 'me', examples: ['me'] });

export const outlook: App = {
  slug: 'outlook',
  name: 'Outlook',
  description: "Outlook is Microsoft's e-mail service and calendar.",
  category: 'Communication',
  scopes: ['Mail.ReadWrite', 'Mail.Send', 'User.Read'],
  tools: [
    {
      slug: 'OUTLOOK_SEND_EMAIL',
      name: 'Send email',
      description: "Sends an email from the connected person's Outlook address.",
      kind: 'write',
      input: fields(
        {
          user_id: mailbox,
          to: text('E-mail address of the recipient.'),
          subject: text('Subject of the email.'),
          body: text('Text of the email.'),
          is_html: flag('Whether the body is HTML.', { default: false }),
          cc_emails: texts('Addresses in copy.'),
        },
        ['to', 'subject', 'body'],
      ),
    },
    {
      slug: 'OUTLOOK_LIST_MESSAGES',
      name: 'List messages',
      description: 'Lists the emails of an Outlook folder, newest first.',
      kind: 'read',
      input: fields({
        user_id: mailbox,
        folder: text('Name of the folder.', { default: 'inbox' }),
        top: whole('How many emails at most.', { default: 10, minimum: 1, maximum: 1000 }),
        is_read: flag('Only those read, or only those not.'),
      }),
    },
    {
      slug: 'OUTLOOK_GET_PROFILE',
      name: 'Get profile',
      description: 'Tells whose Outlook account is connected.',
      kind: 'read',
      profile: true,
      input: fields({ user_id: mailbox }),
    },
    {
      slug: 'OUTLOOK_CREATE_DRAFT',
      name: 'Create email draft',
      description: 'Writes an email draft in Outlook without sending it.',
      kind: 'write',
      input: fields({ subject: text('Subject of the draft.'), body: text('Text of the draft.'), to_recipients: texts('Addresses.') }, [
        'subject',
        'body',
      ]),
    },
    {
      slug: 'OUTLOOK_DELETE_MESSAGE',
      name: 'Delete message',
      description: 'Deletes an email from Outlook.',
      kind: 'destructive',
      input: fields({ message_id: text('ID of the email.'), user_id: mailbox }, ['message_id']),
    },
  ],
};
