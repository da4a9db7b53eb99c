import { type App, fields, flag, text, texts, whole } from './tool.js';

const channel = text('ID or name of the channel, private group or IM: `#general`, `C1234567890`.', {
  examples: ['#general', 'C1234567890'],
});

export const slack: App = {
  slug: 'slack',
  name: 'Slack',
  description: 'Slack is a channel-based messaging platform.',
  category: 'Communication',
  scopes: ['chat:write', 'channels:read', 'channels:history', 'users:read'],
  tools: [
    {
      slug: 'SLACK_SEND_MESSAGE',
      name: 'Send message',
      description: 'Posts a message to a Slack channel, direct message or private group.',
      kind: 'write',
      input: fields(
        {
          channel,
          text: text('The text of the message, in Slack mrkdwn.', { examples: ['Hello, *team*!'] }),
          thread_ts: text('Timestamp of the message to answer in its thread.'),
          unfurl_links: flag('Whether links in the text are unfolded.', { default: true }),
        },
        ['channel', 'text'],
      ),
    },
    {
      slug: 'SLACK_LIST_CHANNELS',
      name: 'List channels',
      description: 'Lists the channels of the workspace that the connected person can see.',
      kind: 'read',
      input: fields({
        limit: whole('How many channels at most.', { default: 100, minimum: 1, maximum: 1000 }),
        cursor: text('Cursor of the next page, from an earlier answer.'),
        exclude_archived: flag('Leave archived channels out.', { default: true }),
      }),
    },
    {
      slug: 'SLACK_FETCH_CONVERSATION_HISTORY',
      name: 'Fetch conversation history',
      description: 'Fetches the messages of a Slack channel, newest first.',
      kind: 'read',
      input: fields(
        {
          channel,
          limit: whole('How many messages at most.', { default: 20, minimum: 1, maximum: 1000 }),
          oldest: text('Only messages after this Unix timestamp.'),
        },
        ['channel'],
      ),
    },
    {
      slug: 'SLACK_FIND_USERS',
      name: 'Find users',
      description: 'Finds people of the Slack workspace by name, display name or e-mail.',
      kind: 'read',
      input: fields(
        { search_query: text('Name, display name or e-mail of the person.'), limit: whole('How many at most.', { default: 20 }) },
        ['search_query'],
      ),
    },
    {
      slug: 'SLACK_TEST_AUTH',
      name: 'Test auth',
      description: 'Tells whose Slack credentials these are: user, team and URL of the workspace.',
      kind: 'read',
      profile: true,
      input: fields({}),
    },
    {
      slug: 'SLACK_UPDATES_A_SLACK_MESSAGE',
      name: 'Update a message',
      description: 'Changes the text of a Slack message that the connected person wrote.',
      kind: 'write',
      input: fields({ channel, ts: text('Timestamp of the message to change.'), text: text('The new text.') }, ['channel', 'ts', 'text']),
    },
    {
      slug: 'SLACK_INVITE_USERS_TO_A_SLACK_CHANNEL',
      name: 'Invite users to a channel',
      description: 'Invites people to a Slack channel.',
      kind: 'write',
      input: fields({ channel, users: texts('IDs of the people to invite.') }, ['channel', 'users']),
    },
    {
      slug: 'SLACK_UPLOAD_OR_CREATE_A_FILE_IN_SLACK',
      name: 'Upload a file',
      description: 'Uploads a file to a Slack channel.',
      kind: 'write',
      input: fields(
        {
          channels: text('Channels that get the file, separated by commas.'),
          file: text('The file to upload.', { file_uploadable: true }),
          initial_comment: text('Text that goes with the file.'),
        },
        ['channels', 'file'],
      ),
    },
    {
      slug: 'SLACK_DELETE_A_MESSAGE',
      name: 'Delete a message',
      description: 'Deletes a message from a Slack channel for everybody.',
      kind: 'destructive',
      input: fields({ channel, ts: text('Timestamp of the message to delete.', { examples: ['1405894322.002768'] }) }, ['channel', 'ts']),
    },
    {
      slug: 'SLACK_ARCHIVE_A_SLACK_CONVERSATION',
      name: 'Archive a channel',
      description: 'Archives a Slack channel: nobody can write there any more.',
      kind: 'destructive',
      input: fields({ channel }, ['channel']),
    },
    {
      slug: 'SLACK_CHAT_POST_MESSAGE',
      name: 'Chat post message (withdrawn)',
      description: 'Withdrawn. Use SLACK_SEND_MESSAGE.',
      kind: 'write',
      withdrawn: true,
      input: fields({ channel, text: text('The text of the message.') }, ['channel', 'text']),
    },
  ],
};
