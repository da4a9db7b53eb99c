import { first } from './first.js';
import { operators } from './operators.js';
import { pages } from './pages.js';

/** All messages, in the parts they are loaded in; a file for each page. */
export const en = { ...first, ...pages, ...operators } as const;
