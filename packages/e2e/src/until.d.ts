/** Asks again, ten times a second, until the answer is there. Says what it waited for, and what it saw last, when it is not. */
export declare function until<T>(
  what: string,
  ask: () => Promise<T | undefined | false | null> | T | undefined | false | null,
  seconds?: number,
): Promise<T>;
/** A step of a story that does not hold ends it, in words. */
export declare function holds(condition: unknown, what: string): asserts condition;
