import { driftOf, missingRowSecurity, openOrm } from '@gatehouse/persistence';
import { database } from '../src/database.js';

describe('the tables', () => {
  it('are what the entities say, and guard every row of a user', async () => {
    const orm = await openOrm(database, process.env.MIGRATION_DATABASE_URL as string);
    try {
      expect(await driftOf(orm)).toBe('');
      expect(await missingRowSecurity(orm)).toEqual([]);
    } finally {
      await orm.close();
    }
  });
});
