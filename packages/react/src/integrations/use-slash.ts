import { type RefObject, useEffect } from 'react';

/** `/` goes to the search, unless somebody is typing. */
export function useSlash(box: RefObject<HTMLInputElement | null>): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const { target, key, ctrlKey, metaKey, altKey } = event;
      if (key !== '/' || ctrlKey || metaKey || altKey || (target instanceof HTMLElement && isTyping(target))) return;
      event.preventDefault();
      box.current?.focus();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [box]);
}

const isTyping = (target: HTMLElement): boolean => target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
