/** The one value that all these have; undefined when they differ, or there are none. */
export function alike<T, V>(list: readonly T[], pick: (item: T) => V): V | undefined {
  const [first] = list;
  if (first === undefined) return undefined;
  const value = pick(first);
  return list.every((item) => pick(item) === value) ? value : undefined;
}
