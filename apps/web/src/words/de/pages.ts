import type { pages as en } from '../en/pages.js';
import { approvals } from './approvals.js';
import { notifications } from './notifications.js';
import { privacy } from './privacy.js';
import { runs } from './runs.js';

export const pages: Record<keyof typeof en, string> = { ...approvals, ...notifications, ...privacy, ...runs };
