import { useEffect, useState } from 'react';
import { shortcutIn } from './approval-card.js';

const KEPT = 'gatehouse.approval-keys';

/** Whether A, E and R are on: kept on this device. While they are, the first of them goes to the oldest question; the next one decides. */
export function useShortcuts(): { on: boolean; turn: (on: boolean) => void } {
  const [on, setOn] = useState(() => read() !== 'off');
  useEffect(() => {
    if (!on) return;
    const toFirst = (event: KeyboardEvent) => {
      const card = document.querySelector<HTMLElement>('[data-approval]');
      const inside = event.target instanceof Element && event.target.closest('[data-approval]');
      if (!card || inside || !shortcutIn(event)) return;
      event.preventDefault();
      card.focus();
    };
    document.addEventListener('keydown', toFirst);
    return () => document.removeEventListener('keydown', toFirst);
  }, [on]);
  const turn = (next: boolean) => {
    setOn(next);
    try {
      localStorage.setItem(KEPT, next ? 'on' : 'off');
    } catch {
      // without storage it is for this page only
    }
  };
  return { on, turn };
}

function read(): string | null {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null;
  }
}
