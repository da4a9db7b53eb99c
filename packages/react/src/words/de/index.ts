import type { en } from '../en/index.js';
import { integrations } from './integrations.js';
import { parts } from './parts.js';

/** The same in German. */
export const de: Record<keyof typeof en, string> = { ...parts, ...integrations };
