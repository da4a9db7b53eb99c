import type { MessageLanguage, NotificationView } from '@gatehouse/contracts';
import { say } from '../words/wording.js';
import type { Notification } from './notification.entity.js';

export const presentNotification = (
  { id, kind, state, app, facts, link, createdAt, resolvedAt }: Notification,
  language: MessageLanguage,
): NotificationView => ({
  id,
  kind,
  state,
  ...say({ kind, app: app ?? null, facts }, language),
  link,
  createdAt: createdAt.toISOString(),
  resolvedAt: resolvedAt?.toISOString() ?? null,
});
