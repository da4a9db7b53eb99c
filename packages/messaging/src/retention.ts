/** Days that dead letters are kept. */
export const DEAD_LETTER_DAYS = 30;

/**
 * Days after which an app may forget that somebody or something is gone. No event is taken in more than 35 days after its `ce_time`, a
 * replayed one neither: what a tombstone guards against cannot come any more.
 */
export const TOMBSTONE_DAYS = 60;
