import { type App, fields, flag, text, texts, whole } from './tool.js';

const mailbox = text("The mailbox: an address, or `me` for the connected person's own.", { default: 'me', examples: ['me'] });
const to = text('E-mail address of the main recipient.', { examples: ['john@doe.com'] });

export const gmail: App = {
  slug: 'gmail',
  name: 'Gmail',
  description: "Gmail is Google's e-mail service.",
  category: 'Communication',
  scopes: ['https://www.googleapis.com/auth/gmail.modify'],
  tools: [
    {
      slug: 'GMAIL_SEND_EMAIL',
      name: 'Send email',
      description: "Sends an email from the connected person's Gmail address.",
      kind: 'write',
      input: fields(
        {
          recipient_email: to,
          subject: text('Subject of the email.', { examples: ['Project update'] }),
          body: text('Text of the email, plain or HTML.', { examples: ['Hello, the numbers are in.'] }),
          cc: texts('Addresses in copy.'),
          bcc: texts('Addresses in blind copy.'),
          is_html: flag('Whether the body is HTML.', { default: false }),
          user_id: mailbox,
        },
        ['recipient_email', 'body'],
      ),
    },
    {
      slug: 'GMAIL_FETCH_EMAILS',
      name: 'Fetch emails',
      description: 'Fetches the emails of a Gmail mailbox, newest first, optionally those matching a search.',
      kind: 'read',
      input: fields({
        query: text('Search, in the syntax of Gmail.', { examples: ['from:someone@example.com is:unread'] }),
        max_results: whole('How many emails at most.', { default: 10, minimum: 1, maximum: 500 }),
        label_ids: texts('Only emails with all of these labels.'),
        include_payload: flag('Whether bodies come along.', { default: true }),
        user_id: mailbox,
      }),
    },
    {
      slug: 'GMAIL_GET_PROFILE',
      name: 'Get profile',
      description: 'Tells the address of the connected Gmail mailbox and how many messages are in it.',
      kind: 'read',
      profile: true,
      input: fields({ user_id: mailbox }),
    },
    {
      slug: 'GMAIL_CREATE_EMAIL_DRAFT',
      name: 'Create email draft',
      description: 'Writes an email draft in Gmail without sending it.',
      kind: 'write',
      input: fields({ recipient_email: to, subject: text('Subject of the draft.'), body: text('Text of the draft.'), user_id: mailbox }, [
        'recipient_email',
        'body',
      ]),
    },
    {
      slug: 'GMAIL_REPLY_TO_THREAD',
      name: 'Reply to email thread',
      description: 'Sends a reply within a Gmail thread.',
      kind: 'write',
      input: fields(
        { thread_id: text('ID of the thread.'), recipient_email: to, message_body: text('Text of the reply.'), user_id: mailbox },
        ['thread_id', 'recipient_email', 'message_body'],
      ),
    },
    {
      slug: 'GMAIL_MOVE_TO_TRASH',
      name: 'Move to trash',
      description: 'Moves an email to the Gmail trash.',
      kind: 'destructive',
      input: fields({ message_id: text('ID of the email.'), user_id: mailbox }, ['message_id']),
    },
    {
      slug: 'GMAIL_DELETE_MESSAGE',
      name: 'Delete message',
      description: 'Deletes an email from Gmail for good. It cannot be brought back.',
      kind: 'destructive',
      input: fields({ message_id: text('ID of the email.'), user_id: mailbox }, ['message_id']),
    },
  ],
};
