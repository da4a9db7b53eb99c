import { badRequest } from './errors.js';
import type { Project } from './project.js';

export type Listed = 'connected_accounts' | 'auth_configs' | 'toolkits' | 'tools';
const SHORT_LIST = 1000;
export interface PageOf<T> {
  items: T[];
  next_cursor: string | null;
  total_pages: number;
  current_page: number;
  total_items: number;
}

/**
 * Cuts one page. A cursor is a page number in disguise, so that rows which leave the filter shift the rest, or (`stable`) the key of
 * the last row. The page faults are those seen at the real service.
 */
export function paginate<T>(
  project: Project,
  kind: Listed,
  rows: readonly T[],
  asked: { limit?: unknown; cursor?: unknown; page?: unknown },
  keyOf: (row: T) => string,
): PageOf<T> {
  const { pages } = project.settings;
  const size = pageSize(project, kind, asked.limit);
  const cursor = typeof asked.cursor === 'string' && asked.cursor !== '' ? readCursor(asked.cursor) : null;
  const page = cursor?.page ?? (Number(asked.page) > 0 ? Math.floor(Number(asked.page)) : 1);
  const start =
    cursor?.after === undefined
      ? (pages.fault === 'repeated' && page > 1 ? page - 2 : page - 1) * size
      : placeAfter(rows, cursor.after, keyOf);
  const items = rows.slice(start, start + size);
  const more = start + size < rows.length;
  const last = items.at(-1);
  const next = pages.cursors === 'stable' && last ? { page: page + 1, after: keyOf(last) } : { page: page + 1 };
  const lying = pages.fault === 'lying';
  return {
    items,
    next_cursor: more && !lying ? Buffer.from(JSON.stringify(next)).toString('base64url') : null,
    total_pages: lying ? 1 : Math.max(1, Math.ceil(rows.length / size)),
    current_page: page,
    total_items: rows.length,
  };
}

/** Behind the row with this key, or behind where it was. Short lists are in any order, long ones in that of their keys, up or down. */
function placeAfter<T>(rows: readonly T[], key: string, keyOf: (row: T) => string): number {
  const exact = rows.length <= SHORT_LIST ? rows.findIndex((row) => keyOf(row) === key) : -1;
  if (exact >= 0) return exact + 1;
  const [first, last] = [rows[0], rows.at(-1)];
  const downwards = first !== undefined && last !== undefined && keyOf(first) > keyOf(last);
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const there = keyOf(rows[middle] as T);
    if (there === key || there > key === downwards) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Too much is clamped without a word, as there. */
export function pageSize(project: Project, kind: Listed, limit: unknown): number {
  const { pages } = project.settings;
  const max = pages.per[kind]?.max ?? (kind === 'tools' ? 1000 : pages.max);
  const wish = Number(limit) > 0 ? Math.floor(Number(limit)) : (pages.per[kind]?.default ?? pages.default);
  return Math.min(wish, max);
}

function readCursor(cursor: string): { page: number; after?: string } {
  try {
    const { page, after } = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as { page: unknown; after?: unknown };
    if (typeof page === 'number') return typeof after === 'string' ? { page, after } : { page };
  } catch {
    // falls through: whatever it was, it is not a cursor of ours
  }
  throw badRequest('Invalid cursor', 'Validation_InvalidCursor', 400);
}

/** `a,b` and `x=a&x=b` mean the same. Undefined: not asked for. */
export function csv(value: unknown): string[] | undefined {
  const given = (Array.isArray(value) ? value : [value]).filter((part): part is string => typeof part === 'string');
  const parts = given
    .flatMap((part) => part.split(','))
    .map((part) => part.trim())
    .filter(Boolean);
  return parts.length > 0 ? parts : undefined;
}
