import { z } from 'zod';

/** `?limit` 1–100 (25) and an opaque `?cursor` from the page before. */
export const pageQuery = z.object({ limit: z.coerce.number().int().min(1).max(100).default(25), cursor: z.string().max(500).optional() });
export type PageQuery = z.output<typeof pageQuery>;

/** One page of a list; `nextCursor` is null on the last one. */
export const pageOf = <T extends z.ZodType>(item: T) => z.object({ data: z.array(item), nextCursor: z.string().nullable() });
export interface Page<T> {
  data: T[];
  nextCursor: string | null;
}

export const idParams = z.object({ id: z.uuid() });
export const instant = z.iso.datetime();
