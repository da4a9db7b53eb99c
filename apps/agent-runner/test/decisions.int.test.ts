import { asUsers } from '@gatehouse/persistence';
import { sql } from 'kysely';
import { Decision } from '../src/decisions/decision.entity.js';
import { DecisionHead } from '../src/decisions/decision-head.entity.js';
import { addDecisions, hashOfRow, type NewDecision } from '../src/decisions/decisions.js';
import { aUser } from './run.builder.js';
import { type Story, startStory } from './story.js';

const allowed = (userId: string, tool: string): NewDecision => ({ userId, kind: 'tool.allowed', data: { tool, note: 'é "\n' } });

describe('the log of decisions', () => {
  let story: Story;
  beforeAll(async () => {
    story = await startStory();
  });
  afterAll(() => story.close());

  const add = (...decisions: NewDecision[]) => {
    const users = decisions.map(({ userId }) => userId);
    return asUsers(story.em, users, () => story.em.transactional((em) => addDecisions(em, decisions)));
  };
  const chainOf = (userId: string) => asUsers(story.em, [userId], () => story.em.find(Decision, { userId }, { orderBy: { seq: 'asc' } }));
  const headOf = (userId: string) => asUsers(story.em, [userId], () => story.em.findOneOrFail(DecisionHead, userId));

  it('is a chain for each user, whoever appends, several at once or many side by side', async () => {
    const [ana, ben] = [aUser(), aUser()];
    await add(allowed(ben, 'B1'), allowed(ana, 'A1'), allowed(ben, 'B2'));
    await Promise.all(Array.from({ length: 20 }, (_, at) => add(allowed(at % 2 ? ana : ben, 'X'), allowed(at % 2 ? ben : ana, 'Y'))));
    for (const [userId, length] of [
      [ana, 21],
      [ben, 22],
    ] as const) {
      const chain = await chainOf(userId);
      expect(chain.map(({ seq }) => seq)).toEqual(Array.from({ length }, (_, at) => at + 1));
      for (const [at, row] of chain.entries()) {
        expect(row.prev).toBe(chain[at - 1]?.hash ?? '');
        expect(row.hash).toBe(hashOfRow(row));
      }
      expect(await headOf(userId)).toMatchObject({ seq: length, hash: chain.at(-1)?.hash });
    }
    expect((await chainOf(ben)).slice(0, 2).map(({ data }) => JSON.parse(data).tool)).toEqual(['B1', 'B2']);
  });

  it('leaves no trace of what was rolled back', async () => {
    const userId = aUser();
    await add(allowed(userId, 'A1'));
    await expect(
      asUsers(story.em, [userId], () =>
        story.em.transactional(async (em) => {
          await addDecisions(em, [allowed(userId, 'A2')]);
          throw new Error('undone');
        }),
      ),
    ).rejects.toThrow('undone');
    await add(allowed(userId, 'A3'));
    expect((await chainOf(userId)).map(({ seq, data }) => [seq, JSON.parse(data).tool])).toEqual([
      [1, 'A1'],
      [2, 'A3'],
    ]);
  });

  it('is neither changed nor shortened by the app, nor written for somebody else', async () => {
    const [ana, ben] = [aUser(), aUser()];
    await add(allowed(ana, 'A1'));
    const attempt = (statement: ReturnType<typeof sql>) =>
      asUsers(story.em, [ana], () => story.em.transactional((em) => statement.execute(em.getKysely())));
    await expect(attempt(sql`update decision set kind = 'tool.refused'`)).rejects.toThrow('permission denied');
    await expect(attempt(sql`delete from decision`)).rejects.toThrow('permission denied');
    const foreign = asUsers(story.em, [ana], () => story.em.transactional((em) => addDecisions(em, [allowed(ben, 'B1')])));
    await expect(foreign).rejects.toThrow('row-level security');
    const forged = { seq: 7, prev: 'x', hash: 'x' };
    await asUsers(story.em, [ana], () =>
      story.em.transactional(async (em) => {
        em.persist(Object.assign(new Decision(), { userId: ana, kind: 'tool.allowed', data: '{}', ...forged }));
      }),
    );
    expect((await chainOf(ana)).map(({ seq, prev, hash }) => [seq, prev === forged.prev, hash === forged.hash])).toEqual([
      [1, false, false],
      [2, false, false],
    ]);
  });
});
