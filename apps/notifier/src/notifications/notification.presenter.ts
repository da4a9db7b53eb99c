import type { NotificationView } from '@gatehouse/contracts';
import type { Notification } from './notification.entity.js';

export const presentNotification = ({ id, kind, state, title, text, link, createdAt, resolvedAt }: Notification): NotificationView => ({
  id,
  kind,
  state,
  title,
  text,
  link,
  createdAt: createdAt.toISOString(),
  resolvedAt: resolvedAt?.toISOString() ?? null,
});
