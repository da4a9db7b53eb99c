import { type Stored, type StoredHeaders } from '../bytes.js';
import type { Act } from './acts.js';

/** Which of the kept events an operator means; conditions add up. */
export interface Selection {
  readonly ids?: readonly string[] | undefined;
  /** The code, the class or the fingerprint of the failure, or a piece of its reason. */
  readonly reason?: string | undefined;
  readonly since?: Date | undefined;
}

/** The first of what was asked for, and how many there are. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly total: number;
}

/** A dead letter without its content. Times are ISO 8601 in UTC. */
export interface LetterSummary {
  readonly eventId: string;
  readonly topic: string;
  readonly key: string | null;
  /** Null for a letter older than the column. */
  readonly code: string | null;
  /** `permanent`, `transient`, or `unknown` (in the topic: `unclassified`). */
  readonly class: string;
  readonly reason: string;
  readonly fingerprint: string;
  readonly attempts: number;
  readonly partition: number;
  readonly offset: string;
  readonly diedAt: string;
  /** So often it was replayed before, and died again. */
  readonly replays: number;
}

/** All that is known of a dead letter. `body` is in base64 where `encoding` says so: its bytes were no text. The same holds for the key. */
export interface Letter extends LetterSummary {
  readonly keyEncoding: 'base64' | null;
  readonly recordedAt: string;
  readonly headers: StoredHeaders;
  readonly body: string | null;
  readonly encoding: 'base64' | null;
  readonly acts: readonly Act[];
}

/** The body, byte for byte as it came. */
export function bodyOf({ body, encoding }: Pick<Letter, 'body' | 'encoding'>): Buffer | null {
  return bytesOf(body, encoding);
}

export function bytesOf(text: string | null, encoding: string | null): Buffer | null {
  return text === null ? null : Buffer.from(text, encoding === 'base64' ? 'base64' : 'utf8');
}

/** A stored header as a person reads it. */
export const shownHeader = (value: Stored | Stored[]): string =>
  Array.isArray(value) ? value.map(shownHeader).join(', ') : typeof value === 'string' ? value : `base64:${value.base64}`;

/** This connection gives timestamps as text. */
export const iso = (timestamp: string): string => new Date(timestamp).toISOString();
