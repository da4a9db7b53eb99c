import { airtable } from './airtable.js';
import { asana } from './asana.js';
import { dropbox } from './dropbox.js';
import { github } from './github.js';
import { gmail } from './gmail.js';
import { googlecalendar } from './googlecalendar.js';
import { googledrive } from './googledrive.js';
import { hubspot } from './hubspot.js';
import { jira } from './jira.js';
import { linear } from './linear.js';
import { notion } from './notion.js';
import { outlook } from './outlook.js';
import { slack } from './slack.js';
import type { App, Tool } from './tool.js';

export const APPS: readonly App[] = [
  slack,
  gmail,
  github,
  notion,
  googlecalendar,
  googledrive,
  outlook,
  linear,
  jira,
  asana,
  dropbox,
  airtable,
  hubspot,
];

/** Every tool has exactly this version; `latest` and the oldest, `00000000_00`, name it too. */
export const VERSION = '20260901_00';
export const KNOWN_VERSIONS: readonly string[] = [VERSION, 'latest', '00000000_00'];

const apps = new Map(APPS.map((app) => [app.slug, app]));
const tools = new Map(APPS.flatMap((app) => app.tools.map((tool) => [tool.slug, { tool, app }] as const)));

export const findApp = (slug: string | undefined): App | undefined => (slug === undefined ? undefined : apps.get(slug.toLowerCase()));

export const findTool = (slug: string | undefined): { tool: Tool; app: App } | undefined =>
  slug === undefined ? undefined : tools.get(slug.toUpperCase());

export function tagsOf(tool: Tool): string[] {
  if (tool.kind === 'read') return ['readOnlyHint', 'idempotentHint', 'openWorldHint'];
  if (tool.kind === 'destructive') return ['destructiveHint', 'idempotentHint', 'openWorldHint'];
  return ['openWorldHint', 'important'];
}
