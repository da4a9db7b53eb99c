/**
 * Reads at most once in `ms` milliseconds, however many ask: all of them get the one answer. For what costs a look at every row. A read that
 * failed is not kept.
 */
export function atMostEvery<T>(ms: number, read: () => Promise<T>): () => Promise<T> {
  let last: { at: number; answer: Promise<T> } | undefined;
  return () => {
    if (last && Date.now() - last.at < ms) return last.answer;
    const mine = { at: Date.now(), answer: read() };
    last = mine;
    mine.answer.catch(() => {
      if (last === mine) last = undefined;
    });
    return mine.answer;
  };
}
