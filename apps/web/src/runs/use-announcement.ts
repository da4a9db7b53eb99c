import { useEffect, useRef, useState } from 'react';

const SLOWEST_MS = 2_000;

/** Words for a screen reader, each change of `key` once, at most one in two seconds: the newest wins. What was there at first is not told. */
export function useAnnouncement(key: string, words: string): string {
  const [told, setTold] = useState('');
  const newest = useRef(words);
  newest.current = words;
  const first = useRef(performance.now());
  const due = useRef(0);
  useEffect(() => {
    const now = performance.now();
    if (!key || now - first.current < SLOWEST_MS) return; // the page is still reading what happened before
    const timer = setTimeout(
      () => {
        due.current = performance.now() + SLOWEST_MS;
        setTold(newest.current);
      },
      Math.max(0, due.current - now),
    );
    return () => clearTimeout(timer);
  }, [key]);
  return told;
}
