/** Asks again, ten times a second, until the answer is there. Says what it waited for, and what it saw last, when it is not. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | false | null> | T | undefined | false | null,
  seconds = 30,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  let last: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (answer) return answer;
    } catch (error) {
      last = error;
    }
    if (Date.now() > deadline)
      throw new Error(`waited ${seconds} s for this, and it did not come: ${what}${last ? ` (${String(last)})` : ''}`);
    await new Promise((next) => setTimeout(next, 100));
  }
}

/** A step of a story that does not hold ends it, in words. */
export function holds(condition: unknown, what: string): asserts condition {
  if (!condition) throw new Error(`this does not hold: ${what}`);
}
