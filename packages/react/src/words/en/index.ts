import { integrations } from './integrations.js';
import { parts } from './parts.js';

/** The words of everything in this package in English: ICU messages by id, for the host's IntlProvider. */
export const en = { ...parts, ...integrations } as const;
