import type { Words } from '../index.js';
import { first } from './first.js';
import { operators } from './operators.js';
import { pages } from './pages.js';

export const de: Words = { ...first, ...pages, ...operators };
