export interface Difference {
  before: string;
  removed: string;
  added: string;
  after: string;
}

/** What two texts have in common at both ends, and what is between, to whole words. */
export function difference(one: string, other: string): Difference {
  const [was, is] = [wordsIn(one), wordsIn(other)];
  const most = Math.min(was.length, is.length);
  let start = 0;
  while (start < most && was[start] === is[start]) start += 1;
  let end = 0;
  while (end < most - start && was.at(-1 - end) === is.at(-1 - end)) end += 1;
  const middle = (words: string[]) => words.slice(start, words.length - end).join('');
  return { before: was.slice(0, start).join(''), removed: middle(was), added: middle(is), after: end ? was.slice(-end).join('') : '' };
}

const wordsIn = (text: string): string[] => text.match(/\s+|[^\s]+/g) ?? [];
