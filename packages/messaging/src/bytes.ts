import { isUtf8 } from 'node:buffer';
import type { RawHeader, RawMessage } from './raw-message.js';

/** Bytes that `text` and `jsonb` cannot hold (not UTF-8, or with a zero byte) are kept in base64. */
export type Stored = string | { base64: string };

/** The text of these bytes, or undefined if they are no text that Postgres can hold. */
export function textOf(bytes: Buffer): string | undefined {
  const text = bytes.toString(); // first, and then looked at: three passes over the bytes took twice as long, for every header of every event
  if (text.includes('\0')) return undefined;
  return text.includes('\uFFFD') && !isUtf8(bytes) ? undefined : text;
}

export function store(bytes: Buffer | string): Stored {
  const buffer = typeof bytes === 'string' ? Buffer.from(bytes, 'utf8') : bytes;
  return textOf(buffer) ?? { base64: buffer.toString('base64') };
}

export function restore(stored: Stored): Buffer {
  return typeof stored === 'string' ? Buffer.from(stored, 'utf8') : Buffer.from(stored.base64, 'base64');
}

export type StoredHeaders = Record<string, Stored | Stored[]>;

/** Headers as JSON that can be stored and given back byte by byte. */
export function storeHeaders(headers: RawMessage['headers']): StoredHeaders {
  const entries = Object.entries(headers).flatMap(([name, value]) => {
    if (value === undefined || value === null || name.includes('\0')) return [];
    return [[name, Array.isArray(value) ? value.map(store) : store(value)] as const];
  });
  return Object.fromEntries(entries); // not by assignment: a header may be called __proto__
}

export function restoreHeaders(stored: StoredHeaders): Record<string, Buffer | Buffer[]> {
  return Object.fromEntries(
    Object.entries(stored).map(([name, value]) => [name, Array.isArray(value) ? value.map(restore) : restore(value)]),
  );
}

/** One header as text; undefined if it is missing, repeated or not text. */
export function headerText(value: RawHeader): string | undefined {
  if (value === undefined || Array.isArray(value)) return undefined;
  return typeof value === 'string' ? value : textOf(value);
}
