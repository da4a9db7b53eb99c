import { z } from 'zod';

/**
 * A user's id, stable and opaque: 1–200 printable ASCII characters, no space, no comma (lists of ids are comma-joined), and not
 * `default` in any case, which Composio gives to accounts that nobody named.
 */
export const userId = z
  .string()
  .regex(/^[!-~]{1,200}$/, 'A user id is 1 to 200 printable ASCII characters without spaces')
  .refine((id) => !id.includes(','), 'A user id has no comma')
  .refine((id) => id.toLowerCase() !== 'default', 'A user id is not "default"')
  .meta({ description: 'The user: 1–200 printable ASCII characters, no space, no comma, not "default".' });
export type UserId = z.output<typeof userId>;

/** A Composio toolkit's slug, such as `slack`. */
export const app = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'An app is a lower-case name such as "slack"')
  .meta({ description: 'The app, such as "slack".' });

/** A tool's exact name, such as `SLACK_SEND_MESSAGE`. */
export const toolName = z.string().regex(/^[A-Z0-9_]{1,128}$/, 'A tool is an upper-case name such as "SLACK_SEND_MESSAGE"');

/** Tells several accounts of one app apart. */
export const alias = z.string().trim().min(1).max(40);

/** A Composio account id (`ca_…`, or a UUID under the legacy API). */
export const accountId = z.string().min(1).max(200);

export const agentName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'An agent is a lower-case name such as "default"');

export const conversationId = z.string().regex(/^[!-~]{1,200}$/);

/** What a tool does at the most: `read` changes nothing, `destructive` cannot be undone. A tool that can send what it reads is a `write`. */
export const toolClass = z.enum(['read', 'write', 'destructive']);
