import { keysOf } from '../test/keys.js';
import { Cursors } from './cursors.js';

const cursors = new Cursors(keysOf('connections').config());
const rows = [1, 2, 3].map((n) => ({ id: `row-${n}` }));
const list = { limit: 2, user: 'ana', list: 'runs', key: ({ id }: { id: string }) => [id], present: ({ id }: { id: string }) => id };

describe('a cursor', () => {
  it('leads to the next page until there is none', () => {
    const first = cursors.page(rows, list);
    expect(first.data).toEqual(['row-1', 'row-2']);
    expect(cursors.read(first.nextCursor ?? '', 'ana', 'runs')).toEqual(['row-2']);
    expect(cursors.page(rows.slice(2), list)).toEqual({ data: ['row-3'], nextCursor: null });
    expect(cursors.read(undefined, 'ana', 'runs')).toBeUndefined();
  });

  it('is refused for another user, another list, another key, and altered', () => {
    const cursor = cursors.make('ana', 'runs', ['row-2']);
    const other = new Cursors(keysOf('connections').config());
    const [payload, tag] = cursor.split('.');
    const altered = `${Buffer.from('["row-9"]').toString('base64url')}.${tag}`;
    const tries = [
      () => cursors.read(cursor, 'ben', 'runs'),
      () => cursors.read(cursor, 'ana', 'inbox'),
      () => other.read(cursor, 'ana', 'runs'),
      ...[altered, payload, '', 'x.y', `${payload}.`].map((bad) => () => cursors.read(bad, 'ana', 'runs')),
    ];
    for (const attempt of tries) expect(attempt).toThrow(expect.objectContaining({ code: 'invalid_cursor', status: 400 }));
  });
});
