import type { PolicyDef } from '@mikro-orm/core';
import { roleOf } from './database.js';

interface CheckDef {
  name: string;
  expression: string;
}

/** Ids that are allowed, as in the contracts: a comma would split the list of users, `default` is everybody's at Composio. */
// `!~~` is `not like` as Postgres writes it back; in other words the comparison with the entities would never come out empty.
// Not `{1,200}`: with that counted repetition a batch's insert of 1,000 rows took six times as long (94 ms, 16 without it, both on a busy machine).
const VALID_USER = `user_id !~ '[^!-~]' and length(user_id) <= 200 and user_id <> '' and user_id !~~ '%,%' and lower(user_id) <> 'default'`;

// A hashed sub-plan, built once a statement. `user_id = any (string_to_array(…))` splits the list again for every row: 18 times slower for a batch.
// `nullif`: after a commit the setting is '' on that connection, not null.
const OWN = `user_id in (select unnest(string_to_array(nullif(current_setting('app.user_ids', true), ''), ',')) as id)`;

/**
 * Spread into `defineEntity` of every table with a `user_id`: requests and consumers see and write the rows of their users, workers all
 * rows. `app` is the app's name. `policies` and `checks` are added to these.
 */
export function ownRows(
  app: string,
  { policies = [], checks = [] }: { policies?: PolicyDef[]; checks?: CheckDef[] } = {},
): { rowLevelSecurity: 'force'; policies: PolicyDef[]; checks: CheckDef[] } {
  const role = roleOf(app);
  return {
    rowLevelSecurity: 'force',
    policies: [
      { name: 'own_rows', roles: [`${role}_app`], using: OWN },
      { name: 'system_rows', roles: [`${role}_system`], using: 'true' },
      ...policies,
    ],
    checks: [{ name: 'valid_user', expression: VALID_USER }, ...checks],
  };
}

/** What `ownRows(app)` says, as the SQL of a migration: the check, forced row-level security and both policies. Grants come beside it. */
export function ownRowsSql(app: string, table: string): string[] {
  const { policies, checks } = ownRows(app);
  return [
    ...checks.map(({ name, expression }) => `alter table ${table} add constraint ${name} check (${expression});`),
    `alter table ${table} enable row level security;`,
    `alter table ${table} force row level security;`,
    ...policies.map(({ name, roles, using }) => `create policy ${name} on ${table} to ${roles?.join(', ')} using (${String(using)});`),
  ];
}
