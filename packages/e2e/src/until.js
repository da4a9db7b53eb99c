/** Asks again, ten times a second, until the answer is there. Says what it waited for, and what it saw last, when it is not. */
export async function until(what, ask, seconds = 30) {
  const deadline = Date.now() + seconds * 1000;
  let last;
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
export function holds(condition, what) {
  if (!condition) throw new Error(`this does not hold: ${what}`);
}
//# sourceMappingURL=until.js.map
