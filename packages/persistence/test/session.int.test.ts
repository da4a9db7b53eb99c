import { randomUUID } from 'node:crypto';
import { asSystem, asUsers } from '../src/index.js';
import { Note, startProbe } from './probe.js';

describe('whose rows a piece of work sees', () => {
  let probe: Awaited<ReturnType<typeof startProbe>>;
  const ana = `ana-${randomUUID()}`;
  const ben = `ben-${randomUUID()}`;
  const note = (userId: string) => ({ id: randomUUID(), userId, text: 'mine' });
  const [anas, bens] = [note(ana), note(ben)];

  beforeAll(async () => {
    probe = await startProbe();
    await asUsers(probe.em, [ana, ben], () => probe.em.insertMany(Note, [anas, bens]));
  });

  it('is its users’, all of them, and nobody else’s', async () => {
    const { em } = probe;
    expect(await asUsers(em, [ana], () => em.find(Note, {}))).toMatchObject([anas]);
    expect(await asUsers(em, [ana, ben], () => em.count(Note, {}))).toBe(2);
    expect(await asUsers(em, ['somebody-else'], () => em.count(Note, {}))).toBe(0);
    expect(await asSystem(em, () => em.count(Note, {}))).toBe(2);
  });

  it('cannot be left or written into: foreign rows are refused, whatever the statement', async () => {
    const { em } = probe;
    const asAna = <T>(work: () => Promise<T>) => asUsers(em, [ana], work);
    await expect(asAna(() => em.insert(Note, note(ben)))).rejects.toMatchObject({ name: 'RowLevelSecurityViolationException' });
    await expect(asAna(() => em.nativeUpdate(Note, { id: anas.id }, { userId: ben }))).rejects.toMatchObject({
      name: 'RowLevelSecurityViolationException',
    });
    expect(await asAna(() => em.nativeUpdate(Note, { id: bens.id }, { text: 'stolen' }))).toBe(0);
    expect(await asAna(() => em.nativeDelete(Note, { id: bens.id }))).toBe(0);
    // Under a foreign user the policy speaks before the unique key does, which would tell that the id exists.
    await expect(asAna(() => em.insert(Note, bens))).rejects.toMatchObject({ name: 'RowLevelSecurityViolationException' });
  });

  it('is an error, never an empty list, when nobody said whose', async () => {
    const { em } = probe;
    await expect(em.find(Note, {})).rejects.toThrow('global EntityManager');
    await expect(em.getConnection().execute('select * from note')).rejects.toThrow('permission denied');
    expect(await probe.as('user', ana, 'GET', '/notes/raw-outside')).toMatchObject({ status: 500, body: { code: 'internal' } });
    expect(await probe.as('product', 'shop', 'GET', '/notes/for-products')).toMatchObject({ status: 500 });
  });

  it('cannot change within an open transaction', async () => {
    const { em } = probe;
    const inside = asSystem(em, () => em.transactional(() => asUsers(em, [ana], () => em.find(Note, {}))));
    await expect(inside).rejects.toThrow('the open transaction keeps the session');
    expect(await probe.as('user', ana, 'GET', '/notes/foreign-session')).toMatchObject({ status: 500 });
  });

  it('needs users: none, a blank one or a list in one are refused', () => {
    for (const ids of [[], [''], ['a,b']]) expect(() => asUsers(probe.em, ids, () => 1)).toThrow('no or bad user ids');
  });

  it('has only ids that are allowed', async () => {
    const { em } = probe;
    for (const userId of ['default', 'DeFault', 'with space', 'ü', 'x'.repeat(201)]) {
      await expect(asUsers(em, [userId], () => em.insert(Note, note(userId)))).rejects.toMatchObject({
        name: 'CheckConstraintViolationException',
      });
    }
  });

  it('is the caller’s own over HTTP', async () => {
    expect(await probe.as('user', ana, 'GET', '/notes')).toEqual({ status: 200, body: [{ id: anas.id, userId: ana }] });
  });
});
