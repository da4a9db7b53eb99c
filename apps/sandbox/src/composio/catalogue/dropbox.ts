import { type App, fields, flag, text, whole } from './tool.js';

const path = text('Path in the Dropbox.', { examples: ['/reports/2026'] });

export const dropbox: App = {
  slug: 'dropbox',
  name: 'Dropbox',
  description: 'Dropbox stores and shares files.',
  category: 'File storage',
  scopes: ['files.content.write', 'files.metadata.read', 'account_info.read'],
  tools: [
    {
      slug: 'DROPBOX_LIST_FILES_IN_FOLDER',
      name: 'List files in folder',
      description: 'Lists the files of a Dropbox folder.',
      kind: 'read',
      input: fields({
        path: { ...path, default: '' },
        recursive: flag('Whether folders below are listed, too.', { default: false }),
        limit: whole('How many at most.', { default: 100, minimum: 1, maximum: 2000 }),
      }),
    },
    {
      slug: 'DROPBOX_GET_ABOUT_ME',
      name: 'Get about me',
      description: 'Tells whose Dropbox is connected.',
      kind: 'read',
      profile: true,
      input: fields({}),
    },
    {
      slug: 'DROPBOX_CREATE_FOLDER',
      name: 'Create folder',
      description: 'Creates a folder in Dropbox.',
      kind: 'write',
      input: fields({ path, autorename: flag('Whether another name is taken when this one exists.', { default: false }) }, ['path']),
    },
    {
      slug: 'DROPBOX_DELETE_FILE_OR_FOLDER',
      name: 'Delete file or folder',
      description: 'Deletes a file, or a folder with everything in it, from Dropbox.',
      kind: 'destructive',
      input: fields({ path }, ['path']),
    },
  ],
};
