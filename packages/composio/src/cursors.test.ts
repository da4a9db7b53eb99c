import { nextPlace, readCursor, START, writeCursor } from './cursors.js';
import { InvalidRequest } from './errors.js';

describe('a list', () => {
  it('goes on by page number when Composio says "no more" but counted more', () => {
    const second = nextPlace(START, { ids: ['a', 'b'], nextCursor: null, totalItems: 3 });
    expect(second).toMatchObject({ page: 2, seen: 2 });
    expect(nextPlace(second ?? START, { ids: ['c'], nextCursor: null, totalItems: 3 })).toBeNull();
  });

  it('ends at an empty and at a repeated page, whatever Composio says', () => {
    const second = nextPlace(START, { ids: ['a'], nextCursor: 'x', totalItems: 9 });
    expect(nextPlace(second ?? START, { ids: ['a'], nextCursor: 'y', totalItems: 9 })).toBeNull();
    expect(nextPlace(second ?? START, { ids: [], nextCursor: 'y', totalItems: 9 })).toBeNull();
  });

  it('is continued only by a cursor of its own', () => {
    const cursor = writeCursor(['core', 'ana'], { page: 2, seen: 50, theirs: 'x' });
    expect(readCursor(['core', 'ana'], cursor)).toMatchObject({ theirs: 'x', page: 2 });
    for (const scope of [
      ['core', 'ben'],
      ['legacy', 'ana'],
    ])
      expect(() => readCursor(scope, cursor)).toThrow(InvalidRequest);
    expect(() => readCursor(['core', 'ana'], 'garbage')).toThrow(InvalidRequest);
  });
});
