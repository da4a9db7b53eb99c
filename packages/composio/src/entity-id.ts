import { InvalidRequest } from './errors.js';
import type { AccountId, EntityId } from './port.js';

/**
 * The only maker of an entity id: 1–200 printable ASCII characters, no space, no comma (Composio splits lists there), not `default` in any
 * case (the entity of everybody who was not named). Throws `InvalidRequest`.
 */
export function entityId(raw: string): EntityId {
  if (!isEntityId(raw)) throw new InvalidRequest('not an entity id');
  return raw;
}

export function isEntityId(raw: unknown): raw is EntityId {
  return typeof raw === 'string' && /^[!-~]{1,200}$/.test(raw) && !raw.includes(',') && raw.toLowerCase() !== 'default';
}

/** An account id as Composio writes it (`ca_…`, or a UUID): it becomes part of a path, so nothing else is let through. Throws `InvalidRequest`. */
export function accountId(raw: string): AccountId {
  if (!/^[A-Za-z0-9_-]{1,200}$/.test(raw)) throw new InvalidRequest('not an account id');
  return raw as AccountId;
}
