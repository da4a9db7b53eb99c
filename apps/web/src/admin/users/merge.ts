import type { Timeline, TimelineEntry } from '@gatehouse/contracts';

export const SOURCES = ['connections', 'agent-runner', 'auditor', 'notifier'] as const;
export type SourceName = (typeof SOURCES)[number];

export interface Told extends TimelineEntry {
  source: SourceName;
}
export interface Chapter {
  entries: Told[];
  /** They did not answer: what they know is missing, which does not mean that there is nothing. */
  silent: SourceName[];
  /** Where the next, older chapter begins. */
  before: string | undefined;
}
export type Answers = readonly { source: SourceName; timeline: Timeline | undefined }[];

/**
 * The newest first. An app that has more says nothing of the time before its last entry, so the chapter ends there for all of them: else
 * something older of one app would stand above something newer of another that was not read yet.
 */
export function chapterOf(answers: Answers): Chapter {
  const silent = answers.filter(({ timeline }) => !timeline).map(({ source }) => source);
  const all = answers
    .flatMap(({ source, timeline }) => timeline?.data.map((entry): Told => ({ ...entry, source })) ?? [])
    .sort((one, other) => other.at.localeCompare(one.at));
  const ends = answers.flatMap(({ timeline }) => (timeline?.more ? (timeline.data.at(-1)?.at ?? []) : []));
  const end = ends.sort().at(-1);
  if (!end) return { entries: all, silent, before: undefined };
  const newer = all.filter(({ at }) => at > end);
  // `before` leaves out its own millisecond, of which there may be more: it is read again as a whole, unless it is all that there was.
  if (newer.length) return { entries: newer, silent, before: new Date(new Date(end).getTime() + 1).toISOString() };
  return { entries: all.filter(({ at }) => at >= end), silent, before: end };
}
