import { resolve } from 'node:path';

/** The checkout. This file lies equally deep in `src` and in `dist`. */
export const ROOT = resolve(import.meta.dirname, '../../..');
export const DATA = resolve(ROOT, '.data');
