const OID = { uuid: 2950, text: 25, int2: 21 } as const;
const HEADER_BYTES = 20;

/** A `uuid[]` parameter in Postgres's binary form: sql`… unnest(${uuids(ids)}::uuid[])`. Throws for a value that is no UUID. */
export function uuids(values: readonly string[]): Buffer {
  return binaryArray(
    OID.uuid,
    values.map((value) => {
      const hex = value.replaceAll('-', '');
      if (!/^[0-9a-f]{32}$/i.test(hex)) throw new Error('uuids: not a UUID');
      return Buffer.from(hex, 'hex');
    }),
  );
}

/** A `text[]` parameter in binary form; null stays null. Postgres refuses a zero byte. */
export function texts(values: readonly (string | null)[]): Buffer {
  return binaryArray(
    OID.text,
    values.map((value) => (value === null ? null : Buffer.from(value, 'utf8'))),
  );
}

/** An `int2[]` parameter in binary form. Throws for a number out of its range. */
export function smallints(values: readonly number[]): Buffer {
  return binaryArray(
    OID.int2,
    values.map((value) => {
      const item = Buffer.allocUnsafe(2);
      item.writeInt16BE(value);
      return item;
    }),
  );
}

/** Format: dimensions, has-null flag, element type; length and lower bound; then each element by its length (-1: null) and bytes. */
function binaryArray(type: number, items: readonly (Buffer | null)[]): Buffer {
  if (!items.length)
    return Buffer.from(Int32Array.of(0, 0, 0).buffer)
      .fill(0)
      .fill(Buffer.from([0, 0, type >> 8, type & 255]), 8);
  const size = items.reduce((sum, item) => sum + 4 + (item?.length ?? 0), HEADER_BYTES);
  const out = Buffer.allocUnsafe(size);
  out.writeInt32BE(1, 0);
  out.writeInt32BE(items.includes(null) ? 1 : 0, 4);
  out.writeInt32BE(type, 8);
  out.writeInt32BE(items.length, 12);
  out.writeInt32BE(1, 16);
  let at = HEADER_BYTES;
  for (const item of items) {
    at = out.writeInt32BE(item?.length ?? -1, at);
    if (item) at += item.copy(out, at);
  }
  return out;
}
