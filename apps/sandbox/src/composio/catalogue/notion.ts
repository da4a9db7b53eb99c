import { type App, fields, text, whole } from './tool.js';

export const notion: App = {
  slug: 'notion',
  name: 'Notion',
  description: 'Notion holds notes, documents and databases.',
  category: 'Productivity',
  scopes: [],
  tools: [
    {
      slug: 'NOTION_SEARCH_NOTION_PAGE',
      name: 'Search Notion page',
      description: 'Searches the titles of Notion pages and databases; without a query, lists them all.',
      kind: 'read',
      input: fields({
        query: text('Words in the title.', { default: '' }),
        page_size: whole('How many at most.', { default: 10, maximum: 100 }),
      }),
    },
    {
      slug: 'NOTION_FETCH_DATA',
      name: 'Fetch data',
      description: 'Reads the text of a Notion page.',
      kind: 'read',
      input: fields({ page_id: text('ID of the page.') }, ['page_id']),
    },
    {
      slug: 'NOTION_GET_ABOUT_ME',
      name: 'Get about me',
      description: 'Tells whose Notion workspace is connected.',
      kind: 'read',
      profile: true,
      input: fields({}),
    },
    {
      slug: 'NOTION_CREATE_NOTION_PAGE',
      name: 'Create Notion page',
      description: 'Creates a Notion page below another page.',
      kind: 'write',
      input: fields(
        {
          title: text('Title of the new page.'),
          parent_id: text('ID or title of the page above it.', { default: 'workspace' }),
          markdown: text('Text of the page, in Markdown.'),
        },
        ['title'],
      ),
    },
    {
      slug: 'NOTION_ADD_PAGE_CONTENT',
      name: 'Add page content',
      description: 'Adds text to the end of a Notion page.',
      kind: 'write',
      input: fields({ page_id: text('ID of the page.'), content: text('Text to add, in Markdown.') }, ['page_id', 'content']),
    },
    {
      slug: 'NOTION_ARCHIVE_NOTION_PAGE',
      name: 'Archive Notion page',
      description: 'Moves a Notion page, and all below it, to the trash.',
      kind: 'destructive',
      input: fields({ page_id: text('ID of the page.') }, ['page_id']),
    },
    {
      slug: 'NOTION_DELETE_BLOCK',
      name: 'Delete block',
      description: 'Deletes a block of a Notion page.',
      kind: 'destructive',
      input: fields({ block_id: text('ID of the block.') }, ['block_id']),
    },
  ],
};
