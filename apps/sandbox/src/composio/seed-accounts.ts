import { z } from 'zod';
import { type Account, STATUSES } from './account.js';
import { APPS, findApp } from './catalogue/catalogue.js';
import { randomFrom } from './faults.js';
import type { Project } from './project.js';

export const seed = z.strictObject({
  accounts: z
    .array(
      z.strictObject({
        owner: z.string().min(1),
        app: z.string().refine((app) => findApp(app), 'no such app in the catalogue'),
        status: z.enum(STATUSES).default('ACTIVE'),
        statusReason: z.string().nullable().optional(),
        createdAt: z.iso.datetime({ offset: true }).optional(),
        sharing: z.enum(['PRIVATE', 'SHARED']).optional(),
        identity: z.string().optional(),
      }),
    )
    .default([]),
  generate: z
    .strictObject({
      users: z.int().min(1).max(1_000_000),
      appsPerUser: z.int().min(1).max(APPS.length).default(1),
      expiredShare: z.number().min(0).max(1).default(0),
      seed: z.int().default(1),
      prefix: z.string().default('usr_'),
    })
    .optional(),
});
export type Seed = z.infer<typeof seed>;

const ANSWERED = 1000;

/** Accounts without anybody having connected them. Nothing is told: they were so before the test began. */
export function seedAccounts(project: Project, { accounts, generate }: Seed): { count: number; first: Account[] } {
  const given = accounts.map(({ createdAt, statusReason = null, sharing = 'PRIVATE', identity = 'work@example.com', ...account }) => {
    const time = createdAt ? Date.parse(createdAt) : project.clock.now();
    return project.addAccount({
      ...account,
      authConfigId: `ac_${account.app}`,
      via: 'seed',
      statusReason,
      sharing,
      identity,
      createdAt: time,
      updatedAt: time,
    });
  });
  const made = generate ? generateAccounts(project, generate) : { count: 0, first: [] };
  return { count: given.length + made.count, first: [...given, ...made.first].slice(0, ANSWERED) };
}

/** Ids count upwards, so that the order of making is the order of lists, and the same seed gives the same accounts. */
function generateAccounts(
  project: Project,
  { users, appsPerUser, expiredShare, seed: start, prefix }: NonNullable<Seed['generate']>,
): { count: number; first: Account[] } {
  const random = randomFrom(start);
  const apps = APPS.slice(0, appsPerUser).map(({ slug }) => ({ app: slug, authConfigId: `ac_${slug}` }));
  const first: Account[] = [];
  const before = project.accounts.all().length;
  for (let user = 0; user < users; user += 1) {
    const owner = `${prefix}${user}`;
    for (const app of apps) {
      const expired = random() < expiredShare;
      const account = project.addAccount({
        ...numbered(project.accounts.all().length),
        ...app,
        owner,
        via: 'generated',
        status: expired ? 'EXPIRED' : 'ACTIVE',
        statusReason: expired ? 'OAuth refresh token expired' : null,
      });
      if (first.length < ANSWERED) first.push(account);
    }
  }
  return { count: project.accounts.all().length - before, first };
}

const numbered = (number: number) => ({
  id: `ca_${number.toString(36).padStart(12, '0')}`,
  uuid: `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`,
});
