/** For `skipTables`, so that schema comparison leaves it alone. */
export const switchTableNames: string[] = ['switch'];

/**
 * The SQL of the kill switches, with grants, for an app's migration (run as `<app>_owner`); `app` is written as in its roles. A row is a
 * switch that was set, and when and by whom it was lifted: it is never removed. The table has no rows of users to be shared out by policies:
 * requests and runs may read it, operators alone write. `reach` is a query that counts what a switch touches in this app, with
 * `wanted_scope` and `wanted_target` for the switch.
 */
export function switchTables(app: string, reach: string): string[] {
  return [
    `create table switch (id uuid primary key default gen_random_uuid(), scope text not null, target varchar(200) not null default '',
  reason text not null, set_by varchar(200) not null, set_at timestamptz not null default now(),
  lifted_at timestamptz, lifted_by varchar(200), lift_reason text,
  constraint switch_scope_check check (scope in ('everything', 'app', 'user', 'tool')),
  constraint switch_target_check check ((scope = 'everything') = (target = '')))`,
    // One open switch of a kind, and the only index that a run or the gate looks into: a handful of rows however many were lifted.
    `create unique index switch_open on switch (scope, target) where lifted_at is null`,
    `create function switch_reach(wanted_scope text, wanted_target text) returns bigint language sql stable as $$ ${reach} $$`,
    `revoke execute on function switch_reach(text, text) from public`,
    `grant execute on function switch_reach(text, text) to ${app}_system`,
    `grant select on switch to ${app}_app`,
    `grant select, insert, update (lifted_at, lifted_by, lift_reason) on switch to ${app}_system`,
  ];
}
