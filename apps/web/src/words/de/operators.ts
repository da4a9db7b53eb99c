import type { operators as en } from '../en/operators.js';
import { admin } from './admin.js';
import { adminWork } from './admin-work.js';

export const operators: Record<keyof typeof en, string> = { ...admin, ...adminWork };
