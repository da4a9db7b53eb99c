import type { Act } from '../operator/acts.js';
import type { Letter, LetterSummary } from '../operator/letter.js';
import { shownHeader } from '../operator/letter.js';
import type { ParkedSummary } from '../operator/list-parked.js';
import type { StuckEvent, StuckSummary } from '../operator/stuck-events.js';

const BODY_CHARS = 4000;

/** Events are other people's text: nothing in them may steer a terminal. */
export const printable = (text: string): string => text.replaceAll(/(?![\n\t])[\p{Cc}\p{Cf}]/gu, '\uFFFD');
const line = (...parts: string[]) => printable(parts.filter(Boolean).join('  ').replaceAll('\n', ' '));
const many = (n: number, one: string, more = `${one}s`) => `${n} ${n === 1 ? one : more}`;

export const letterLine = (l: LetterSummary): string =>
  line(
    l.diedAt,
    l.eventId,
    l.topic,
    [l.code, l.code === l.class ? '' : `(${l.class})`].filter(Boolean).join(' '),
    l.reason,
    l.replays > 0 ? `[replayed ${l.replays}×]` : '',
  );

export const stuckLine = (s: StuckSummary): string => line(s.stuckAt, s.eventId, s.topic, s.error, `${s.waiting} behind it`);

export const parkedLine = (p: ParkedSummary): string =>
  line(
    p.topic,
    p.key,
    `${many(p.events, 'event')}${p.replays ? ` (${many(p.replays, 'replay')})` : ''}`,
    many(p.attempts, 'attempt'),
    `next try ${p.nextTryAt}`,
    p.lastError ?? '',
  );

export function letterPage(consumer: string, l: Letter): string[] {
  return [
    ...table({
      event: l.eventId,
      consumer,
      topic: `${l.topic}, partition ${l.partition}, offset ${l.offset}`,
      key: l.key === null ? '(none)' : `${l.key}${l.keyEncoding ? ' (base64)' : ''}`,
      recorded: l.recordedAt,
      died: `${l.diedAt}, after ${many(l.attempts, 'attempt')}`,
      why: `${l.code ?? '(code unknown)'} (${l.class}): ${l.reason}`,
      fingerprint: l.fingerprint,
    }),
    ...headers(l.headers),
    ...body(l.body, l.encoding),
    ...acts(l.acts),
  ];
}

export function stuckPage(consumer: string, s: StuckEvent): string[] {
  return [
    ...table({
      event: s.eventId,
      from: consumer,
      topic: s.topic,
      key: s.key ?? '(none)',
      told: s.toldAt,
      stuck: `${s.stuckAt}; ${many(s.waiting, 'event')} of its key ${s.waiting === 1 ? 'waits' : 'wait'} behind it`,
      error: s.error,
    }),
    ...headers(s.headers ?? {}),
    ...body(s.body, null),
  ];
}

export function acts(list: readonly Act[]): string[] {
  return list.map((a) => line(`${a.at}  ${a.by}: ${a.action}`, a.result, a.note ? `“${a.note}”` : ''));
}

function headers(all: Letter['headers']): string[] {
  const shown = Object.entries(all).map(([name, value]) => line(`  ${name}: ${shownHeader(value)}`));
  return shown.length > 0 ? ['headers', ...shown] : [];
}

function body(text: string | null, encoding: string | null): string[] {
  if (text === null) return ['body: none'];
  const rest = text.length - BODY_CHARS;
  return [
    `body${encoding ? ` (${encoding}: its bytes are no text)` : ''}`,
    printable(text.slice(0, BODY_CHARS)),
    ...(rest > 0 ? [`… and ${rest} characters more: --raw gives the whole body`] : []),
  ];
}

function table(rows: Record<string, string>): string[] {
  return Object.entries(rows).map(([name, value]) => line(`${name.padEnd(12)}${value}`));
}
