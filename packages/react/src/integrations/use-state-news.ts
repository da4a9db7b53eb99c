import { useEffect, useRef, useState } from 'react';
import { useSay } from '../parts/say.js';
import type { Groups } from './catalogue.js';
import type { UiState } from './state.js';
import { badges } from './words-of.js';

/** What to announce: apps whose state changed while one is looking. Nothing at first. */
export function useStateNews(groups: Groups): string {
  const say = useSay();
  const [news, setNews] = useState('');
  const before = useRef<ReadonlyMap<string, UiState>>(new Map());
  useEffect(() => {
    const entries = [...groups.attention, ...groups.connected, ...groups.available];
    const known = new Map(before.current);
    const changed = entries.filter(({ app, state }) => known.has(app) && known.get(app) !== state);
    for (const { app, state } of entries) known.set(app, state);
    before.current = known;
    if (changed.length) setNews(changed.map(({ info, state }) => `${info.name}: ${say(badges[state].word)}`).join('. '));
  }, [groups, say]);
  return news;
}
