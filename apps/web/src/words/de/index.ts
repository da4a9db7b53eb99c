import { de as gatehouse } from '@gatehouse/react/words/de';
import type { Words } from '../index.js';
import { shell } from './shell.js';
import { signIn } from './sign-in.js';

export const de: Words = {
  ...shell,
  ...signIn,
  ...gatehouse,
};
