import { z } from 'zod';
import { defineEvent } from './event.js';
import { userId } from './ids.js';

/** The user is known as a Composio entity, once, whatever the redelivery; apps can be connected. */
export const EntityCreated = defineEvent({
  type: 'entity.created',
  producer: 'connections',
  partitions: 24,
  data: z.object({ userId, entityId: userId }),
});
