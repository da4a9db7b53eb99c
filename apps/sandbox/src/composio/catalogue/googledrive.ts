import { type App, fields, flag, text, whole } from './tool.js';

const file = text('ID of the file.');

export const googledrive: App = {
  slug: 'googledrive',
  name: 'Google Drive',
  description: 'Google Drive stores and shares files.',
  category: 'File storage',
  scopes: ['https://www.googleapis.com/auth/drive'],
  tools: [
    {
      slug: 'GOOGLEDRIVE_FIND_FILE',
      name: 'Find file',
      description: 'Finds files in Google Drive by a search.',
      kind: 'read',
      input: fields({
        q: text('Search, in the syntax of Google Drive.', { examples: ["name contains 'report'"] }),
        pageSize: whole('How many files at most.', { default: 100, minimum: 1, maximum: 1000 }),
        includeItemsFromAllDrives: flag('Whether shared drives are searched, too.', { default: false }),
      }),
    },
    {
      slug: 'GOOGLEDRIVE_GET_ABOUT',
      name: 'Get about',
      description: 'Tells whose Google Drive is connected and how much of it is used.',
      kind: 'read',
      profile: true,
      input: fields({ fields: text('What to tell; `*` is all.', { default: '*', examples: ['user'] }) }),
    },
    {
      slug: 'GOOGLEDRIVE_CREATE_FILE_FROM_TEXT',
      name: 'Create file from text',
      description: 'Creates a file in Google Drive that holds a text.',
      kind: 'write',
      input: fields(
        {
          file_name: text('Name of the file.'),
          text_content: text('What is in it.'),
          mime_type: text('Its type.', { default: 'text/plain' }),
          parent_id: text('ID of the folder it goes into.'),
        },
        ['file_name', 'text_content'],
      ),
    },
    {
      slug: 'GOOGLEDRIVE_ADD_FILE_SHARING_PREFERENCE',
      name: 'Share a file',
      description: 'Shares a file of Google Drive with a person, a group, a domain or anyone.',
      kind: 'write',
      input: fields(
        {
          file_id: file,
          role: text('What they may do.', { enum: ['reader', 'commenter', 'writer'] }),
          type: text('Who.', { enum: ['user', 'group', 'domain', 'anyone'] }),
          email_address: text('Address of the person or group.'),
        },
        ['file_id', 'role', 'type'],
      ),
    },
    {
      slug: 'GOOGLEDRIVE_UPLOAD_FILE',
      name: 'Upload file',
      description: 'Uploads a file to Google Drive.',
      kind: 'write',
      input: fields({ file_to_upload: text('The file.', { file_uploadable: true }), folder_to_upload_to: text('ID of the folder.') }, [
        'file_to_upload',
      ]),
    },
    {
      slug: 'GOOGLEDRIVE_DELETE_FOLDER_OR_FILE',
      name: 'Delete folder or file',
      description: 'Deletes a file, or a folder with everything in it, from Google Drive for good.',
      kind: 'destructive',
      input: fields({ fileId: file }, ['fileId']),
    },
  ],
};
