import { z } from 'zod';
import { app, toolClass, toolName } from './ids.js';
import type { Route } from './route.js';

export const toolChoice = z.enum(['allow', 'ask', 'never']);

/** A tool that agents may use, and what its user made of it. A setting is as strict as the default, or stricter. */
export const tool = z
  .object({
    tool: toolName,
    app,
    class: toolClass,
    title: z.string(),
    setting: toolChoice,
    default: z.enum(['allow', 'ask']),
    choices: z.array(toolChoice),
  })
  .meta({ id: 'Tool' });
export type ToolView = z.output<typeof tool>;

export const toolsQuery = z.object({ app: app.optional() });
export type ToolsQuery = z.output<typeof toolsQuery>;

/** All of it, or nothing. A tool is named once. */
export const toolSettings = z
  .strictObject({
    settings: z
      .array(z.strictObject({ tool: toolName, setting: toolChoice }))
      .min(1)
      .max(200)
      .refine((settings) => new Set(settings.map((one) => one.tool)).size === settings.length, 'Each tool is named once'),
  })
  .meta({ id: 'ToolSettings' });
export type ToolSettings = z.output<typeof toolSettings>;

export const toolsRoutes: readonly Route[] = [
  {
    app: 'agent-runner',
    method: 'get',
    path: '/v1/tools',
    by: 'user',
    summary: 'What agents may do for me: by themselves, after asking, or never',
    query: toolsQuery,
    response: z.object({ data: z.array(tool) }),
  },
  {
    app: 'agent-runner',
    method: 'put',
    path: '/v1/tools/settings',
    by: 'user',
    summary: 'Change that; 422 if it is looser than the default',
    status: 200,
    body: toolSettings,
    response: z.object({ data: z.array(tool) }),
  },
];
