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

/** Accounts without anybody having connected them. Nothing is told: they were so before the test began. */
export function seedAccounts(project: Project, { accounts, generate }: Seed): Account[] {
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
  return generate ? [...given, ...generated(project, generate)] : given;
}

function* generated(
  project: Project,
  { users, appsPerUser, expiredShare, seed: start, prefix }: NonNullable<Seed['generate']>,
): Generator<Account> {
  const random = randomFrom(start);
  for (let user = 0; user < users; user += 1) {
    for (const { slug } of APPS.slice(0, appsPerUser)) {
      const expired = random() < expiredShare;
      yield project.addAccount({
        owner: `${prefix}${user}`,
        app: slug,
        authConfigId: `ac_${slug}`,
        via: 'seed',
        status: expired ? 'EXPIRED' : 'ACTIVE',
        statusReason: expired ? 'OAuth refresh token expired' : null,
      });
    }
  }
}
