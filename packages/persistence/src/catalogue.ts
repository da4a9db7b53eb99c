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
