import { createHash } from 'node:crypto';

/** User ids that fall all over the indexes. `seeded` are made by the same rule in SQL: `'u-' || md5('seed' || n)`. */
export const userIds = (series: string, count: number, first = 1): string[] =>
  Array.from(
    { length: count },
    (_, i) =>
      `u-${createHash('md5')
        .update(`${series}${first + i}`)
        .digest('hex')}`,
  );
