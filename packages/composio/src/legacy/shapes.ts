import { z } from 'zod';
import { type AccountRow, neverFinished, statusOf } from '../accounts.js';
import { accountId, isEntityId } from '../entity-id.js';
import type { ToolDefinition } from '../port.js';
import { hintsOf, takesFiles } from '../tools/definition.js';

const id = z.string().regex(/^[\w-]{1,200}$/);
const date = z.string().pipe(z.coerce.date());
const lower = z
  .string()
  .min(1)
  .transform((text) => text.toLowerCase());

export const page = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), totalPages: z.number().nullish() });

export const account = z
  .object({
    id,
    integrationId: z.string(),
    appUniqueId: lower.nullish(),
    appName: lower,
    clientUniqueUserId: z.string().nullish(),
    status: z.string(),
    statusReason: z.string().nullish(),
    enabled: z.boolean().nullish(),
    isDisabled: z.boolean().nullish(),
    createdAt: date,
    updatedAt: date,
  })
  .transform((row): AccountRow => {
    const reason = row.statusReason ?? null;
    return {
      rawOwner: row.clientUniqueUserId ?? null,
      account: {
        id: accountId(row.id),
        otherIds: [],
        owner: isEntityId(row.clientUniqueUserId) ? row.clientUniqueUserId : null,
        app: row.appName,
        authConfigId: row.integrationId,
        status: statusOf(row.status),
        rawStatus: row.status,
        statusReason: reason,
        neverFinished: neverFinished(row.status, reason),
        disabled: row.isDisabled === true || row.enabled === false,
        sharing: 'PRIVATE', // this API knows no sharing
        createdAt: row.createdAt,
        updatedAt: row.updatedAt,
      },
    };
  });
export const accountPage = page(account);

export const initiated = z.object({ connectionResponse: z.object({ connectedAccountId: id, redirectUrl: z.string().nullish() }) });

export const integration = z.object({
  id: z.string(),
  appName: lower,
  authScheme: z.string().nullish(),
  enabled: z.boolean().nullish(),
});
export type Integration = z.output<typeof integration>;
export const integrationPage = page(integration);

export const appList = z.object({
  items: z.array(
    z.object({
      key: lower,
      name: z.string(),
      displayName: z.string().nullish(),
      logo: z.string().nullish(),
      no_auth: z.boolean().nullish(),
      auth_schemes: z.array(z.object({ mode: z.string().nullish() })).nullish(),
      categories: z.union([z.array(z.string()), z.string()]).nullish(),
    }),
  ),
});
export type LegacyApp = z.output<typeof appList>['items'][number];

export const action = z
  .object({
    name: z.string(),
    appKey: lower.nullish(),
    appName: lower,
    description: z.string().nullish(),
    tags: z.array(z.string()).nullish(),
    parameters: z.record(z.string(), z.unknown()).nullish(),
    deprecated: z.boolean().nullish(),
  })
  .transform(
    (row): ToolDefinition => ({
      name: row.name,
      app: row.appKey ?? row.appName,
      version: null,
      description: row.description ?? '',
      parameters: row.parameters ?? { type: 'object', properties: {} },
      hints: hintsOf(row.tags ?? []),
      deprecated: row.deprecated === true,
      takesFiles: takesFiles(row.parameters),
    }),
  );
export const actionPage = page(action);
