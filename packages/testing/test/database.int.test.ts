import pg from 'pg';

/** The database that the environment made for this file. */
async function ask<Row extends pg.QueryResultRow>(url: string | undefined, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('the database of a test file', () => {
  it('is entered by a login that inherits nothing and may become the app or the system', async () => {
    const [rights] = await ask(
      process.env.DATABASE_URL,
      `select rolname, rolsuper or rolinherit as strong, pg_has_role(oid, 'probe_app', 'usage') as inherits_app,
        pg_has_role(oid, 'probe_system', 'usage') as inherits_system, pg_has_role(oid, 'probe_app', 'set') as may_app,
        pg_has_role(oid, 'probe_system', 'set') as may_system from pg_roles where rolname = current_user`,
    );
    expect(rights).toEqual({
      rolname: 'probe',
      strong: false,
      inherits_app: false,
      inherits_system: false,
      may_app: true,
      may_system: true,
    });
  });

  it('lets its owner make tables and its login not', async () => {
    await ask(process.env.MIGRATION_DATABASE_URL, 'create table made_by_owner (id int)');
    await expect(ask(process.env.DATABASE_URL, 'create table made_by_login (id int)')).rejects.toThrow(/permission denied/);
    await expect(ask(process.env.DATABASE_URL, 'select from made_by_owner')).rejects.toThrow(/permission denied/);
  });
});
