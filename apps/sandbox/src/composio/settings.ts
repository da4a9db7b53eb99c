import { z } from 'zod';

const sizes = z.strictObject({ default: z.int().min(1).optional(), max: z.int().min(1).optional() });

/** What PUT /_emulator/project may change; fields left out stay as they are. */
export const settingsChange = z.strictObject({
  /** null: callback identity verification is off, as in a project that never configured it. */
  verifierUrl: z.url().nullable().optional(),
  sameBrowserBinding: z.boolean().optional(),
  reconnect: z.enum(['new', 'revive']).optional(),
  revoke: z.record(z.string(), z.enum(['supported', 'not-supported', 'fails'])).optional(),
  pages: z
    .strictObject({
      default: z.int().min(1).optional(),
      max: z.int().min(1).optional(),
      per: z.partialRecord(z.enum(['connected_accounts', 'auth_configs', 'toolkits', 'tools']), sizes).optional(),
      cursors: z.enum(['shifting', 'stable']).optional(),
      fault: z.enum(['none', 'lying', 'repeated']).optional(),
    })
    .optional(),
  answers: z
    .strictObject({
      omitUserId: z.boolean().optional(),
      envelope: z.enum(['code', 'error_code']).optional(),
      unknownStatus: z.string().nullable().optional(),
      extraFields: z.boolean().optional(),
    })
    .optional(),
  rateLimit: z
    .strictObject({ perMinute: z.int().min(0), mode: z.enum(['composio', 'edge']).default('composio') })
    .nullable()
    .optional(),
  webhooks: z
    .enum([
      'normal',
      'none',
      'duplicate',
      'reordered',
      'late',
      'stale',
      'bad-signature',
      'short',
      'no-metadata',
      'unknown-type',
      'old-secret',
    ])
    .optional(),
  /** Shorthand for a webhook subscription with a secret that is known beforehand; null ends it. */
  webhook: z
    .strictObject({ url: z.url(), secret: z.string().min(8) })
    .nullable()
    .optional(),
  logBodies: z.boolean().optional(),
  /** Whatever is read holds an order of somebody else's, to act with another user's account. */
  injections: z.boolean().optional(),
});
export type SettingsChange = z.infer<typeof settingsChange>;

export interface Settings {
  verifierUrl: string | null;
  sameBrowserBinding: boolean;
  reconnect: 'new' | 'revive';
  revoke: Record<string, 'supported' | 'not-supported' | 'fails'>;
  pages: {
    default: number;
    max: number;
    per: Record<string, { default?: number | undefined; max?: number | undefined }>;
    cursors: 'shifting' | 'stable';
    fault: 'none' | 'lying' | 'repeated';
  };
  answers: { omitUserId: boolean; envelope: 'code' | 'error_code'; unknownStatus: string | null; extraFields: boolean };
  rateLimit: { perMinute: number; mode: 'composio' | 'edge' } | null;
  webhooks: NonNullable<SettingsChange['webhooks']>;
  logBodies: boolean;
  injections: boolean;
}

export const defaultSettings = (): Settings => ({
  verifierUrl: null,
  sameBrowserBinding: true,
  reconnect: 'new',
  revoke: {},
  pages: { default: 10, max: 50, per: {}, cursors: 'shifting', fault: 'none' },
  answers: { omitUserId: false, envelope: 'code', unknownStatus: null, extraFields: false },
  rateLimit: null,
  webhooks: 'normal',
  logBodies: false,
  injections: false,
});

export function changeSettings(settings: Settings, change: SettingsChange): void {
  const { pages, answers, revoke, webhook: _subscription, ...rest } = change;
  Object.assign(settings, defined(rest));
  Object.assign(settings.pages, defined(pages ?? {}));
  Object.assign(settings.answers, defined(answers ?? {}));
  Object.assign(settings.revoke, revoke);
}

const defined = (object: object): object => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
