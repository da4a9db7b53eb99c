interface Sized {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
}

/** Cuts records into runs of at most `maxCount` and about `maxBytes`, in order, none left out; one larger record is a run of its own. */
export function* cut<T extends Sized>(records: readonly T[], maxCount: number, maxBytes: number): Generator<T[]> {
  let run: T[] = [];
  let bytes = 0;
  for (const record of records) {
    const size = (record.key?.length ?? 0) + (record.value?.length ?? 0);
    if (run.length > 0 && (run.length >= maxCount || bytes + size > maxBytes)) {
      yield run;
      run = [];
      bytes = 0;
    }
    run.push(record);
    bytes += size;
  }
  if (run.length > 0) yield run;
}
