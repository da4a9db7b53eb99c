import type { TimelineEntry } from '@gatehouse/contracts';
import { type Answers, chapterOf, type SourceName } from './merge.js';

const SECOND = 1000;
const start = Date.parse('2026-11-21T10:00:00.000Z');
const at = (seconds: number) => new Date(start + seconds * SECOND).toISOString();
const entry = (seconds: number): TimelineEntry => ({
  at: at(seconds),
  kind: 'run',
  id: String(seconds),
  app: null,
  state: null,
  detail: null,
});
const told = (source: SourceName, seconds: readonly number[], more = false) => ({ source, timeline: { data: seconds.map(entry), more } });
const shown = (answers: Answers) => chapterOf(answers).entries.map(({ source, id }) => `${source} ${id}`);

describe('the timelines of several apps', () => {
  it('are one, the newest first', () => {
    expect(shown([told('connections', [9, 3]), told('notifier', [7])])).toEqual(['connections 9', 'notifier 7', 'connections 3']);
    expect(chapterOf([told('connections', [9])]).before).toBeUndefined();
  });

  it('end where the first of them has more that was not read', () => {
    const { entries, before } = chapterOf([told('connections', [9, 3, 1]), told('agent-runner', [8, 6, 5], true)]);
    expect(entries.map(({ id }) => id)).toEqual(['9', '8', '6']);
    expect(before).toBe('2026-11-21T10:00:05.001Z');
  });

  it('go on when a whole page is of one millisecond', () => {
    const { entries, before } = chapterOf([told('agent-runner', [5, 5], true), told('notifier', [2])]);
    expect(entries).toHaveLength(2);
    expect(before).toBe(at(5));
  });

  it('say which app did not answer, and show the rest', () => {
    const { entries, silent } = chapterOf([{ source: 'auditor', timeline: undefined }, told('notifier', [2])]);
    expect([entries.length, silent]).toEqual([1, ['auditor']]);
  });

  it('lose and double nothing, whatever the pages are', () => {
    const all: Record<string, number[]> = { connections: [20, 18, 11, 4, 3], 'agent-runner': [19, 18, 18, 17, 10, 9, 2], notifier: [5, 1] };
    const seen: string[] = [];
    let before: string | undefined;
    do {
      const answers = Object.entries(all).map(([source, seconds]) => {
        const older = seconds.filter((one) => !before || at(one) < before);
        return told(source as SourceName, older.slice(0, 3), older.length > 3);
      });
      const chapter = chapterOf(answers);
      seen.push(...chapter.entries.map(({ source, id }) => `${source} ${id}`));
      before = chapter.before;
    } while (before);
    const expected = Object.entries(all).flatMap(([source, seconds]) => seconds.map((one) => `${source} ${one}`));
    expect(seen.toSorted()).toEqual(expected.toSorted());
    const times = seen.map((one) => Number(one.split(' ')[1]));
    expect(times).toEqual(times.toSorted((one, other) => other - one));
  });
});
