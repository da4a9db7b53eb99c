import { en as gatehouse } from '@gatehouse/react/words/en';
import { shell } from './shell.js';
import { signIn } from './sign-in.js';

/** All messages; a file for each page, a line for each file. */
export const en = {
  ...shell,
  ...signIn,
  ...gatehouse,
} as const;
