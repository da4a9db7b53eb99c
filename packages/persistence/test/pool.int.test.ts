import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { asSystem, asUsers } from '../src/index.js';
import { Note, startProbe } from './probe.js';

const USERS = 50;
const ROUNDS = 10;
const AT_ONCE = 200;

describe('when many requests of many users share two connections', () => {
  it('nobody sees or keeps a row of another, nothing of a failed request stays, and no transaction stays open', async () => {
    const probe = await startProbe({ pool: 2 });
    const user = (n: number) => `user-${n % USERS}`;
    await asUsers(
      probe.em,
      Array.from({ length: USERS }, (_, n) => user(n)),
      () =>
        probe.em.insertMany(
          Note,
          Array.from({ length: USERS }, (_, n) => ({ id: randomUUID(), userId: user(n), text: 'seeded' })),
        ),
    );
    const failed = new Set<string>();
    let checked = 0;
    for (let round = 0; round < ROUNDS; round++) {
      await Promise.all(
        Array.from({ length: AT_ONCE }, async (_, n) => {
          const who = user(n * 7 + round);
          const id = randomUUID();
          if (n % 4 === 1) expect(await probe.as('user', who, 'POST', '/notes', { id })).toEqual({ status: 201, body: { open: false } });
          if (n % 4 === 2)
            expect(await probe.as('user', who, 'POST', '/notes/three-steps', { id })).toEqual({ status: 201, body: { open: false } });
          if (n % 4 === 3) {
            failed.add(id);
            expect(await probe.as('user', who, 'POST', '/notes/then-fail', { id })).toMatchObject({ status: 409 });
          }
          if (n % 4 !== 0) return;
          const { body } = await probe.as('user', who, 'GET', '/notes');
          const rows = body as { userId: string }[];
          expect(rows.length).toBeGreaterThan(0);
          expect(rows.filter(({ userId }) => userId !== who)).toEqual([]);
          checked += rows.length;
        }),
      );
    }
    const kept = await asSystem(probe.em, () => probe.em.find(Note, {}));
    expect(kept).toHaveLength(USERS + (ROUNDS * AT_ONCE) / 2);
    expect(kept.filter(({ id, text }) => failed.has(id) || text === 'reserved')).toEqual([]);
    expect(checked).toBeGreaterThan(ROUNDS * USERS);
    const { rows } = await asSystem(probe.em, () =>
      probe.em.transactional((em) =>
        sql`select pid from pg_stat_activity where application_name = 'probe' and state like 'idle in transaction%' and pid <> pg_backend_pid()`.execute(
          em.getKysely(),
        ),
      ),
    );
    expect(rows).toEqual([]);
  });
});
