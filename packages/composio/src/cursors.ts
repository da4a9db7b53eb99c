import { createHash } from 'node:crypto';
import { z } from 'zod';
import { InvalidRequest } from './errors.js';
import type { Cursor } from './port.js';

/** Where a list was left. `theirs` is Composio's own cursor, `page` a number for when it gave none. */
const place = z.object({
  for: z.string(),
  theirs: z.string().optional(),
  page: z.number().int().min(1),
  seen: z.number().int().min(0),
  last: z.string().optional(),
});
export type Place = Omit<z.output<typeof place>, 'for'>;

export const START: Place = { page: 1, seen: 0 };

export function writeCursor(scope: unknown, at: Place): Cursor {
  return Buffer.from(JSON.stringify({ for: fingerprint(scope), ...at })).toString('base64url');
}

/** A cursor continues only the list that it was made for: with another owner's it would skip rows without a word. */
export function readCursor(scope: unknown, cursor: Cursor | undefined): Place {
  if (cursor === undefined) return START;
  const read = place.safeParse(json(cursor));
  if (!read.success || read.data.for !== fingerprint(scope)) throw new InvalidRequest('not a cursor of this list');
  return read.data;
}

/** A short name for a page, to notice when the same one comes again. */
export function fingerprint(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(value) ?? '')
    .digest('base64url')
    .slice(0, 16);
}

export interface ListAnswer {
  ids: readonly string[];
  nextCursor: string | null;
  totalItems: number | null;
}

/**
 * Whether there is more. Composio's "no next cursor" is believed only when as many rows as it counts were seen; an empty or a repeated page
 * ends the list, for nothing else would.
 */
export function nextPlace(at: Place, { ids, nextCursor, totalItems }: ListAnswer): Place | null {
  const last = fingerprint(ids);
  if (ids.length === 0 || last === at.last) return null;
  const next = { page: at.page + 1, seen: at.seen + ids.length, last };
  if (nextCursor) return { ...next, theirs: nextCursor };
  return totalItems !== null && next.seen < totalItems ? next : null;
}

/** How Composio is asked to go on: by its own cursor where it gave one, else by the number of the page. */
export function continued(at: Place): { cursor?: string; page?: number } {
  if (at.theirs) return { cursor: at.theirs };
  return at.page > 1 ? { page: at.page } : {};
}

function json(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}
