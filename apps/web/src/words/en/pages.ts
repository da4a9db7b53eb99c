import { approvals } from './approvals.js';
import { notifications } from './notifications.js';
import { privacy } from './privacy.js';
import { runs } from './runs.js';

/** What the other pages of a person say. */
export const pages = { ...approvals, ...notifications, ...privacy, ...runs } as const;
