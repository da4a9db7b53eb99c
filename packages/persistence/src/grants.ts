import { roleOf } from './database.js';

const ALL = 'select, insert, update, delete';

/**
 * SQL for a migration: what the app's two roles may do with a table; nothing else is granted to anybody, and policies decide which rows.
 * An empty string grants nothing. Row-level security says which rows, grants say which deeds: both are needed.
 */
export function grantOwnRows(
  app: string,
  table: string,
  { app: ofApp = ALL, system = ALL }: { app?: string; system?: string } = {},
): string {
  const role = roleOf(app);
  const grants = [
    [ofApp, `${role}_app`],
    [system, `${role}_system`],
  ];
  return grants
    .filter(([rights]) => rights)
    .map(([rights, to]) => `grant ${rights} on ${table} to ${to};`)
    .join('\n');
}
