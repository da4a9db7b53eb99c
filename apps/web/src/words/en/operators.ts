import { admin } from './admin.js';
import { adminWork } from './admin-work.js';

/** What the pages of operators say. */
export const operators = { ...admin, ...adminWork } as const;
