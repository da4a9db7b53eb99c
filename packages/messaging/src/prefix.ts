/**
 * The highest offset below which every record is settled. Chunks are handled in key order, so settled records can have holes between
 * them; nothing behind the first hole may be committed, or a crash would lose what lies in it.
 */
export function contiguousPrefix(records: readonly { readonly offset: string }[], settled: (index: number) => boolean): string | undefined {
  let last: string | undefined;
  for (const [index, { offset }] of records.entries()) {
    if (!settled(index)) break;
    last = offset;
  }
  return last;
}
