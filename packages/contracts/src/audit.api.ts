import { z } from 'zod';
import { app } from './ids.js';
import { idParams, instant } from './page.api.js';
import type { Route } from './route.js';
import { operatorReason } from './switches.api.js';

/** Connections of an app that look broken, too many at once to be believed without a person. Nobody was told; `active` is how many there are in all. */
export const heldApp = z.object({ app, held: z.int(), active: z.int(), since: instant }).meta({ id: 'HeldApp' });
export type HeldApp = z.output<typeof heldApp>;

export const settleHeldRequest = z
  .strictObject({ reason: operatorReason, dryRun: z.boolean().default(false) })
  .meta({ id: 'SettleHeldRequest' });
export type SettleHeldRequest = z.output<typeof settleHeldRequest>;
export const settledHeld = z.object({ app, settled: z.int(), dryRun: z.boolean() }).meta({ id: 'SettledHeld' });
export type SettledHeld = z.output<typeof settledHeld>;

export const driftKind = z.enum(['missing', 'extra', 'wrong_owner', 'wrong_status', 'duplicate']);
export type DriftKind = z.output<typeof driftKind>;

/** What one comparison of everything with Composio found, in numbers. `unproven`: nothing is said of them. */
export const driftReport = z
  .object({
    id: z.uuid(),
    state: z.enum(['running', 'done']),
    askedBy: z.string(),
    fix: z.boolean(),
    openedAt: instant,
    closedAt: instant.nullable(),
    connections: z.int(),
    accounts: z.int(),
    calls: z.int(),
    unproven: z.int(),
    missing: z.int(),
    extra: z.int(),
    wrongOwner: z.int(),
    wrongStatus: z.int(),
    duplicate: z.int(),
  })
  .meta({ id: 'DriftReport' });
export type DriftReportView = z.output<typeof driftReport>;

export const driftFinding = z
  .object({
    kind: driftKind,
    accountId: z.string(),
    connectionId: z.uuid().nullable(),
    userId: z.string().nullable(),
    app,
    says: z.string(),
    foundAt: instant,
  })
  .meta({ id: 'DriftFinding' });
export type DriftFinding = z.output<typeof driftFinding>;

export const driftQuery = z.strictObject({ kind: driftKind.optional(), limit: z.coerce.number().int().min(1).max(1000).default(200) });
export type DriftQuery = z.output<typeof driftQuery>;

/** Without `fix` it only looks. */
export const driftWish = z.strictObject({ fix: z.boolean().default(false), reason: operatorReason.optional() }).meta({ id: 'DriftWish' });
export type DriftWish = z.output<typeof driftWish>;

const held = { app: 'auditor', by: 'operator' } as const;
const settle = (deed: 'release' | 'discard', summary: string): Route => ({
  ...held,
  method: 'post',
  path: `/admin/auditor/held/{app}/${deed}`,
  status: 200,
  params: z.object({ app }),
  body: settleHeldRequest,
  response: settledHeld,
  summary,
});

/** What the auditor holds back, and what it found to differ from Composio. */
export const auditRoutes: readonly Route[] = [
  {
    ...held,
    method: 'get',
    path: '/admin/auditor/held',
    summary: 'Apps with too many breaks at once: held, and nothing was sent',
    response: z.object({ data: z.array(heldApp) }),
  },
  settle('release', 'What is held breaks, and its users are told'),
  settle('discard', 'What is held is forgotten, until it is found again'),
  {
    ...held,
    method: 'get',
    path: '/admin/auditor/drift',
    summary: 'Comparisons with Composio, newest first',
    response: z.object({ data: z.array(driftReport) }),
  },
  {
    ...held,
    method: 'get',
    path: '/admin/auditor/drift/{id}',
    summary: 'One comparison and what it found',
    params: idParams,
    query: driftQuery,
    response: z.object({ report: driftReport, findings: z.array(driftFinding) }),
  },
  {
    ...held,
    method: 'post',
    path: '/admin/auditor/drift',
    summary: 'Compare everything with Composio now; 409 while one is under way',
    status: 202,
    body: driftWish,
    response: driftReport,
  },
];
