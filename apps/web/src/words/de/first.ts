import { de as gatehouse } from '@gatehouse/react/words/de';
import type { first as en } from '../en/first.js';
import { inbox } from './inbox.js';
import { shell } from './shell.js';
import { signIn } from './sign-in.js';

export const first: Record<keyof typeof en, string> = { ...inbox, ...shell, ...signIn, ...gatehouse };
