import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { BaseConfig } from './env.js';
import { Problem } from './problem.js';
import { CONFIG } from './tokens.js';

const TAG_BYTES = 16;
const values = z.array(z.string()).min(1);

/** Cursors of lists: opaque, signed, good for one user and one list. All replicas of an app read each other's. */
@Injectable()
export class Cursors {
  private readonly key: Buffer;

  constructor(@Inject(CONFIG) { app, INTERNAL_KEY }: BaseConfig) {
    if (!INTERNAL_KEY) throw new Error(`${app} has no internal key to sign cursors with`);
    this.key = Buffer.from(hkdfSync('sha256', Buffer.from(INTERNAL_KEY.d, 'base64url'), '', 'gatehouse cursors', 32));
  }

  /** The sort key of the last row of the page before; undefined for the first page. Problem 400 `invalid_cursor` for any cursor not ours. */
  read(cursor: string | undefined, user: string, list: string): string[] | undefined {
    if (cursor === undefined) return undefined;
    const [payload = '', tag = ''] = cursor.split('.');
    const given = Buffer.from(tag, 'base64url');
    const right = this.tag(payload, user, list);
    if (given.length !== right.length || !timingSafeEqual(given, right)) {
      throw new Problem(400, 'invalid_cursor', 'This cursor is not one of this list. Start from the first page.');
    }
    return values.parse(JSON.parse(Buffer.from(payload, 'base64url').toString()));
  }

  make(user: string, list: string, key: readonly string[]): string {
    const payload = Buffer.from(JSON.stringify(key)).toString('base64url');
    return `${payload}.${this.tag(payload, user, list).toString('base64url')}`;
  }

  /** One page of a list. `rows` are fetched with `limit + 1`: the one too many tells that there is a next page. */
  page<Row, View>(
    rows: readonly Row[],
    o: { limit: number; user: string; list: string; key: (row: Row) => string[]; present: (row: Row) => View },
  ): { data: View[]; nextCursor: string | null } {
    const shown = rows.slice(0, o.limit);
    const last = shown.at(-1);
    const more = rows.length > o.limit && last !== undefined;
    return { data: shown.map(o.present), nextCursor: more ? this.make(o.user, o.list, o.key(last)) : null };
  }

  private tag(payload: string, user: string, list: string): Buffer {
    return createHmac('sha256', this.key)
      .update(JSON.stringify([payload, user, list]))
      .digest()
      .subarray(0, TAG_BYTES);
  }
}
