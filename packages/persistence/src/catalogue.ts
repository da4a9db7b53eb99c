import type { MikroORM } from '@mikro-orm/postgresql';

/** The SQL that would turn the database into what the entities say: empty when migrations and entities match. It does not see grants. */
export async function driftOf(orm: MikroORM): Promise<string> {
  return (await orm.schema.getUpdateSchemaSQL({ wrap: false })).trim();
}

/** Tables with a `user_id` that lack forced row-level security or a policy. */
export async function missingRowSecurity(orm: MikroORM): Promise<string[]> {
  const rows = await orm.em.getConnection().execute<{ relname: string }[]>(`
    select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relkind in ('r', 'p') and not c.relispartition and a.attname = 'user_id' and c.relnamespace = 'public'::regnamespace
      and not (c.relrowsecurity and c.relforcerowsecurity and exists (select from pg_policy p where p.polrelid = c.oid))
    order by 1`);
  return rows.map(({ relname }) => relname);
}

/**
 * What each role but the owner may do with the tables of `public`, as `role: table: rights` with columns in brackets, sorted: for a test
 * that compares it with a list. The comparison of migrations and entities does not see grants.
 */
export async function grantsOf(orm: MikroORM): Promise<string[]> {
  const rows = await orm.em.getConnection().execute<{ line: string }[]>(`
    with granted as (
      select g.grantee, c.relname, lower(g.privilege_type) as deed, null as col
      from pg_class c, aclexplode(c.relacl) a join lateral (select a.privilege_type, coalesce(nullif(a.grantee, 0)::regrole::text, 'public') as grantee) g on true
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v') and a.grantee <> c.relowner
      union all
      select coalesce(nullif(a.grantee, 0)::regrole::text, 'public'), c.relname, lower(a.privilege_type), t.attname
      from pg_class c join pg_attribute t on t.attrelid = c.oid, aclexplode(t.attacl) a
      where c.relnamespace = 'public'::regnamespace and a.grantee <> c.relowner
    ), by_deed as (
      select grantee, relname, deed || coalesce('(' || string_agg(col, ', ' order by col) || ')', '') as deed from granted group by grantee, relname, deed
    )
    select grantee || ': ' || relname || ': ' || string_agg(deed, ', ' order by deed) as line from by_deed group by grantee, relname order by 1`);
  return rows.map(({ line }) => line);
}

/** Why the login role may not be used: with INHERIT, say, `<app>_system`'s policy applies to it without a session, and it sees all rows. */
export async function roleFault(orm: MikroORM, role: string): Promise<string | undefined> {
  const [found] = await orm.em.getConnection().execute<Record<'super' | 'inherits' | 'stranger' | 'owner', boolean>[]>(`
    select r.rolsuper or r.rolbypassrls as super,
      pg_has_role(r.oid, '${role}_app', 'usage') or pg_has_role(r.oid, '${role}_system', 'usage') as inherits,
      not pg_has_role(r.oid, '${role}_app', 'member') or not pg_has_role(r.oid, '${role}_system', 'member') as stranger,
      exists (select from pg_class c where c.relowner = r.oid and c.relkind in ('r', 'p')) as owner
    from pg_roles r where r.rolname = current_user`);
  if (!found) return 'is not known';
  if (found.super) return 'is a superuser or bypasses row-level security';
  if (found.owner) return 'owns tables';
  if (found.inherits) return `inherits ${role}_app or ${role}_system: it must be NOINHERIT before they are granted to it`;
  return found.stranger ? `is not a member of ${role}_app and ${role}_system` : undefined;
}
