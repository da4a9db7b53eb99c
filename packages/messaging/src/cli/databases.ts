import { readFileSync } from 'node:fs';
import { defineDatabase, openOrm } from '@gatehouse/persistence';
import { defineEntity, type EntityManager, p } from '@mikro-orm/postgresql';
import { Failed, Usage } from './usage.js';

/** The services that have a database, so an outbox and dead letters. */
export const SERVICES = ['identity', 'connections', 'agent-runner', 'auditor', 'notifier'] as const;
export type Service = (typeof SERVICES)[number];

type Environment = Readonly<Record<string, string | undefined>>;

/** A service's database as its login role; the work is done in its role `<service>_system`. */
export interface Address {
  readonly service: Service;
  readonly url: string;
}

const roleOf = (service: Service) => service.replaceAll('-', '_');
const isService = (name: string): name is Service => (SERVICES as readonly string[]).includes(name);

/** `<SERVICE>_DATABASE_URL` of each service that can be reached; without any, DATABASE_URL of the one whose container this is. */
export function addressesIn(env: Environment): Address[] {
  const named = SERVICES.flatMap((service) => {
    const url = setting(env, `${roleOf(service).toUpperCase()}_DATABASE_URL`);
    return url ? [{ service, url: usable(url, service) }] : [];
  });
  if (named.length > 0) return named;
  const url = setting(env, 'DATABASE_URL');
  if (!url) {
    throw new Usage(
      'No database is named. Set <SERVICE>_DATABASE_URL (CONNECTIONS_DATABASE_URL …) for each service to be looked after, or DATABASE_URL of one, as in its container.',
    );
  }
  const service = decodeURIComponent(new URL(usable(url, 'DATABASE_URL')).username).replaceAll('_', '-');
  if (!isService(service)) {
    throw new Usage(
      `DATABASE_URL logs in as "${service}", which is no service's role: it must be one of ${SERVICES.map(roleOf).join(', ')}.`,
    );
  }
  return [{ service, url }];
}

/** Of these, the one that is asked for. */
export function chosen(addresses: readonly Address[], name: string | undefined): readonly Address[] {
  if (name === undefined) return addresses;
  if (name === 'gateway') throw new Usage('gateway has no database: it only streams, and keeps neither dead letters nor an outbox.');
  if (!isService(name)) throw new Usage(`"${name}" is no service. There are ${SERVICES.join(', ')}.`);
  const found = addresses.filter(({ service }) => service === name);
  if (found.length > 0) return found;
  throw new Usage(`The database of ${name} is not named: set ${roleOf(name).toUpperCase()}_DATABASE_URL.`);
}

/** MikroORM insists on an entity; all we read and write goes by SQL. */
const deadLetter = defineEntity({ name: 'DeadLetter', properties: { eventId: p.uuid().primary() } });

/** Opens the database, works, closes; what goes wrong with the database becomes a sentence. */
export async function within<T>({ service, url }: Address, work: (em: EntityManager) => Promise<T>): Promise<T> {
  try {
    const orm = await openOrm(defineDatabase({ app: service, entities: [deadLetter], migrations: [] }), url);
    try {
      return await work(orm.em);
    } finally {
      await orm.close();
    }
  } catch (error) {
    throw sentence(error, service, url);
  }
}

function setting(env: Environment, name: string): string | undefined {
  const file = env[`${name}_FILE`];
  if (env[name] || !file) return env[name] || undefined;
  try {
    return readFileSync(file, 'utf8').trim() || undefined;
  } catch {
    throw new Usage(`${name}_FILE names a file that cannot be read.`);
  }
}

function usable(url: string, what: string): string {
  if (!/^postgres(ql)?:\/\//.test(url) || !URL.canParse(url)) throw new Usage(`The address given for ${what} is not postgres://…`);
  return url;
}

function sentence(error: unknown, service: Service, url: string): unknown {
  const { host, pathname } = new URL(url);
  const where = `the database of ${service} (${host}${pathname})`;
  for (let cause = error as Cause | undefined; cause; cause = cause.cause as Cause | undefined) {
    const { code = '', message } = cause;
    if (/^E[A-Z_]+$/.test(code) || code.startsWith('08') || code.startsWith('57P') || /timeout|terminated/i.test(message))
      return new Failed(`Cannot reach ${where}: ${message || code}. Is it running?`);
    if (code.startsWith('28') || code === '3D000') return new Failed(`Not let into ${where}: ${message}.`);
    if (code === '42501' || code === '22023') return new Failed(`May not work as ${roleOf(service)}_system in ${where}: ${message}.`);
    if (code === '42P01' || code === '42703') return new Failed(`Tables are missing in ${where}: run its migrations.`);
    if (code === '55P03' || code === '57014' || code === '40P01')
      return new Failed(`Somebody else holds these rows in ${where}: try again.`);
  }
  return error;
}

interface Cause extends Error {
  code?: string;
}
