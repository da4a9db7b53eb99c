import { en as gatehouse } from '@gatehouse/react/words/en';
import { inbox } from './inbox.js';
import { shell } from './shell.js';
import { signIn } from './sign-in.js';

/** What the first page says, and what is around every page. */
export const first = { ...inbox, ...shell, ...signIn, ...gatehouse } as const;
