import { IconAdjustments, IconBell, IconHandStop, IconInbox, IconLock, IconPlayerPlay, IconPlugConnected } from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { UnreadBadge } from '../inbox/unread-badge.js';
import type { WordId } from '../words/index.js';

export interface NavEntry {
  to: string;
  word: WordId;
  icon: ComponentType<{ size?: number; stroke?: number; 'aria-hidden'?: boolean }>;
  /** Only for people with this role; the pages behind it are refused by the gateway anyway. */
  role?: 'operator';
  /** Shows a number beside the entry; a component of its own, since it reads. */
  badge?: ComponentType;
}

/** The main menu, in its order: a line for each page. */
export const navEntries: readonly NavEntry[] = [
  { to: '/runs', word: 'shell.nav.runs', icon: IconPlayerPlay },
  { to: '/approvals', word: 'shell.nav.approvals', icon: IconHandStop },
  { to: '/inbox', word: 'inbox.title', icon: IconInbox, badge: UnreadBadge },
  { to: '/settings/integrations', word: 'shell.nav.integrations', icon: IconPlugConnected },
  { to: '/settings/notifications', word: 'shell.nav.notifications', icon: IconBell },
  { to: '/settings/privacy', word: 'shell.nav.privacy', icon: IconLock },
  { to: '/admin', word: 'shell.nav.admin', icon: IconAdjustments, role: 'operator' },
];
