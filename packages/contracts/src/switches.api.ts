import { z } from 'zod';
import { app, toolName, userId } from './ids.js';
import { idParams, instant } from './page.api.js';
import type { Route } from './route.js';

/** Why an operator does it, kept with the record of who did what. */
export const operatorReason = z.string().trim().min(3).max(500);

export const switchScope = z.enum(['everything', 'app', 'user', 'tool']);
export type SwitchScope = z.output<typeof switchScope>;

/** Something that operators stopped: `target` is the app, the user or the tool. It is in force until it is lifted. */
export const switchView = z
  .object({
    id: z.uuid(),
    scope: switchScope,
    target: z.string().nullable(),
    reason: z.string(),
    setBy: z.string(),
    setAt: instant,
    liftedAt: instant.nullable(),
    liftedBy: z.string().nullable(),
    liftReason: z.string().nullable(),
  })
  .meta({ id: 'Switch' });
export type SwitchView = z.output<typeof switchView>;

const why = { reason: operatorReason, dryRun: z.boolean().default(false) };
export const setSwitchRequest = z
  .discriminatedUnion('scope', [
    z.strictObject({ scope: z.literal('everything'), ...why }),
    z.strictObject({ scope: z.literal('app'), target: app, ...why }),
    z.strictObject({ scope: z.literal('user'), target: userId, ...why }),
    z.strictObject({ scope: z.literal('tool'), target: toolName, ...why }),
  ])
  .meta({ id: 'SetSwitchRequest' });
export type SetSwitchRequest = z.output<typeof setSwitchRequest>;

export const liftSwitchRequest = z.strictObject({ reason: operatorReason }).meta({ id: 'LiftSwitchRequest' });
export type LiftSwitchRequest = z.output<typeof liftSwitchRequest>;

/** `touches`: how many live runs (agent-runner) or connections (connections) it stops now. `switch` is null after a dry run of a new one. */
export const switchAnswer = z.object({ switch: switchView.nullable(), touches: z.int(), dryRun: z.boolean() }).meta({ id: 'SwitchAnswer' });
export type SwitchAnswer = z.output<typeof switchAnswer>;

/** Both apps keep switches of their own: one that shall stop everything is set in both. connections knows no tools. */
export const switchesRoutes: readonly Route[] = (['connections', 'agent-runner'] as const).flatMap((app): Route[] => [
  {
    app,
    method: 'get',
    path: `/admin/${app}/switches`,
    by: 'operator',
    summary: 'Kill switches: the open ones, then the last that were lifted',
    response: z.object({ data: z.array(switchView) }),
  },
  {
    app,
    method: 'post',
    path: `/admin/${app}/switches`,
    by: 'operator',
    summary: 'Stop everything, an app, a user or a tool; dryRun says how much it touches',
    status: 200,
    body: setSwitchRequest,
    response: switchAnswer,
  },
  {
    app,
    method: 'post',
    path: `/admin/${app}/switches/{id}/lift`,
    by: 'operator',
    summary: 'Lift a switch',
    status: 200,
    params: idParams,
    body: liftSwitchRequest,
    response: switchView,
  },
]);
