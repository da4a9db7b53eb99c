import { z } from 'zod';
import { defineEvent, openEnum } from './event.js';
import { userId } from './ids.js';

/** A message in the user's inbox appeared, was read or was settled; `unread` is the number left. */
export const NotificationChanged = defineEvent({
  type: 'notification.changed',
  producer: 'notifier',
  data: z.object({
    notificationId: z.uuid(),
    userId,
    state: openEnum(['posted', 'read', 'resolved']),
    unread: z.int().min(0),
  }),
});
