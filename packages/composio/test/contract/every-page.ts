import type { Cursor, Page } from '../../src/port.js';

const MORE_THAN_ANY = 200;

/** A whole list. One that does not end fails. */
export async function everyPage<T>(read: (at: { cursor?: Cursor }) => Promise<Page<T>>): Promise<T[]> {
  const all: T[] = [];
  let at: { cursor?: Cursor } = {};
  for (let pages = 0; pages < MORE_THAN_ANY; pages += 1) {
    const page = await read(at);
    all.push(...page.items);
    if (page.next === null) return all;
    at = { cursor: page.next };
  }
  throw new Error('this list does not end');
}
