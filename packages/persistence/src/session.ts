import { type EntityManager, RequestContext } from '@mikro-orm/core';

/**
 * Runs `work` as these users: it sees and writes their rows and no others. Each transaction in it, also the short one around a single
 * statement, begins with their ids and the role `<app>_app`. Throws inside an open transaction, which keeps the session it began with.
 */
export function asUsers<T>(em: EntityManager, userIds: readonly string[], work: () => T): T {
  return inSession(em, ownSession(em, userIds), work);
}

/** The settings of a session that sees these users' rows. */
export function ownSession(em: EntityManager, userIds: readonly string[]): Record<string, string> {
  if (!userIds.length || userIds.some((id) => !id || id.includes(','))) throw new Error('asUsers: no or bad user ids');
  return { 'app.user_ids': [...new Set(userIds)].join(','), role: `${appOf(em)}_app` };
}

/** Runs `work` as the app itself, across all users, in the role `<app>_system`. Throws inside an open transaction. */
export function asSystem<T>(em: EntityManager, work: () => T): T {
  return inSession(em, { role: `${appOf(em)}_system` }, work);
}

function inSession<T>(em: EntityManager, variables: Record<string, string>, work: () => T): T {
  // It would run as somebody else: a user's work inside a system transaction would see everybody's rows.
  if (em.isInTransaction()) throw new Error('asUsers and asSystem: the open transaction keeps the session it began with');
  return RequestContext.create(em, work, { session: { variables } });
}

function appOf(em: EntityManager): string {
  const { application_name: app } = em.config.get('driverOptions') as { application_name?: string };
  if (!app) throw new Error('this entity manager was not made by defineDatabase');
  return app;
}
