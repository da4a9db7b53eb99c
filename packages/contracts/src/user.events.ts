import { z } from 'zod';
import { defineEvent } from './event.js';
import { userId } from './ids.js';

/** A user exists from now on: the address is proven. Everything else about them follows from this. */
export const UserCreated = defineEvent({
  type: 'user.created',
  producer: ['identity', 'upstream'],
  partitions: 24,
  data: z.object({
    userId,
    email: z.email().max(320),
    name: z.string().max(200).optional(),
    locale: z.string().max(35).optional(),
  }),
});

/** The user is gone for good; the id is never used again. All that is kept for them is taken down. */
export const UserDeleted = defineEvent({
  type: 'user.deleted',
  producer: ['identity', 'upstream'],
  data: z.object({ userId }),
});
