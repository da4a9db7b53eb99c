import { z } from 'zod';
import { type AccountRow, neverFinished, statusOf } from '../accounts.js';
import { accountId, isEntityId } from '../entity-id.js';
import type { ToolDefinition } from '../port.js';
import { hintsOf, takesFiles } from '../tools/definition.js';

const id = z.string().regex(/^[\w-]{1,200}$/);
const date = z.string().pipe(z.coerce.date());
const slug = z
  .string()
  .min(1)
  .transform((text) => text.toLowerCase());

export const page = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), next_cursor: z.string().nullish(), total_items: z.number().nullish() });

export const account = z
  .object({
    id,
    user_id: z.string().nullish(),
    toolkit: z.object({ slug }),
    auth_config: z.object({ id: z.string(), is_disabled: z.boolean().nullish() }),
    status: z.string(),
    status_reason: z.string().nullish(),
    is_disabled: z.boolean().nullish(),
    experimental: z.object({ account_type: z.string().nullish() }).nullish(),
    created_at: date,
    updated_at: date,
    deprecated: z.object({ uuid: id.nullish() }).nullish(),
  })
  .transform((row): AccountRow => {
    const reason = row.status_reason ?? null;
    const uuid = row.deprecated?.uuid;
    return {
      rawOwner: row.user_id ?? null,
      account: {
        id: accountId(row.id),
        otherIds: uuid && uuid !== row.id ? [accountId(uuid)] : [],
        owner: isEntityId(row.user_id) ? row.user_id : null,
        app: row.toolkit.slug,
        authConfigId: row.auth_config.id,
        status: statusOf(row.status),
        rawStatus: row.status,
        statusReason: reason,
        neverFinished: neverFinished(row.status, reason),
        disabled: row.is_disabled === true || row.auth_config.is_disabled === true,
        sharing: (row.experimental?.account_type ?? 'PRIVATE') === 'PRIVATE' ? 'PRIVATE' : 'SHARED', // an unseen word is not private
        createdAt: row.created_at,
        updatedAt: row.updated_at,
      },
    };
  });

export const accountPage = page(account);

export const authConfig = z.object({
  id: z.string(),
  toolkit: z.object({ slug }),
  status: z.string(),
  auth_scheme: z.string().nullish(),
  is_composio_managed: z.boolean().nullish(),
});
export type AuthConfig = z.output<typeof authConfig>;
export const authConfigPage = page(authConfig);

export const started = z.object({ connected_account_id: id, redirect_url: z.string(), expires_at: date });

export const initiated = z.object({
  id,
  redirect_url: z.string().nullish(),
  connectionData: z.object({ val: z.object({ redirectUrl: z.string().nullish() }).nullish() }).nullish(),
});

export const deleted = z.object({ revoke_job_id: z.string().nullish() });

export const toolkit = z.object({
  slug,
  name: z.string(),
  no_auth: z.boolean().nullish(),
  auth_schemes: z.array(z.string()).nullish(),
  composio_managed_auth_schemes: z.array(z.string()).nullish(),
  meta: z.object({ logo: z.string().nullish(), categories: z.array(z.object({ name: z.string() })).nullish() }).nullish(),
});
export const toolkitPage = page(toolkit);

export const tool = z
  .object({
    slug: z.string(),
    description: z.string().nullish(),
    toolkit: z.object({ slug }),
    input_parameters: z.record(z.string(), z.unknown()).nullish(),
    tags: z.array(z.string()).nullish(),
    version: z.string().nullish(),
    is_deprecated: z.boolean().nullish(),
  })
  .transform(
    (row): ToolDefinition => ({
      name: row.slug,
      app: row.toolkit.slug,
      version: row.version ?? null,
      description: row.description ?? '',
      parameters: row.input_parameters ?? { type: 'object', properties: {} },
      hints: hintsOf(row.tags ?? []),
      deprecated: row.is_deprecated === true,
      takesFiles: takesFiles(row.input_parameters),
    }),
  );
export const toolPage = page(tool);
