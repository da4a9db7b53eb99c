import { texts } from '@gatehouse/persistence';
import { type EntityManager, TransactionPropagation } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import type { SwitchScope } from './switch.js';

export interface OpenSwitch {
  readonly id: string;
  readonly scope: SwitchScope;
  readonly target: string;
}

/** SQL expressions, never values: a column, a parameter (`$2::text[]`). */
interface Expressions {
  user: string;
  apps: string;
  tools?: string;
}

/**
 * The condition that an open switch `s` concerns somebody, to be folded into a statement that is sent anyway:
 * `exists (select from switch s where ${concerns({ user: 'run.user_id', apps: '$2::text[]' })})`.
 */
export function concerns({ user, apps, tools }: Expressions): string {
  const kinds = [`s.scope = 'everything'`, `s.scope = 'user' and s.target = ${user}`, `s.scope = 'app' and s.target = any(${apps})`];
  if (tools) kinds.push(`s.scope = 'tool' and s.target = any(${tools})`);
  return `s.lifted_at is null and (${kinds.map((kind) => `(${kind})`).join(' or ')})`;
}

/** The open switches that concern this user with these apps and tools, in the open session: in one statement, in the transaction that is open. */
export function openSwitches(
  em: EntityManager,
  { userId, apps, tools = [] }: { userId: string; apps: readonly string[]; tools?: readonly string[] },
): Promise<OpenSwitch[]> {
  const read = sql<OpenSwitch>`
    with asked as materialized (select ${userId}::text as who, ${texts(apps)}::text[] as apps, ${texts(tools)}::text[] as tools)
    select s.id, s.scope, s.target from asked, switch s
    where ${sql.raw(concerns({ user: 'asked.who', apps: 'asked.apps', tools: 'asked.tools' }))} order by s.set_at, s.id`;
  const work = async () => (await read.execute(em.getKysely())).rows;
  return em.transactional(work, { propagation: TransactionPropagation.REQUIRED });
}

/** Whether these switches stop this app as a whole. One on a tool of it does not. */
export const stops = (switches: readonly Pick<OpenSwitch, 'scope' | 'target'>[], app: string): boolean =>
  switches.some(({ scope, target }) => scope === 'everything' || scope === 'user' || (scope === 'app' && target === app));
