import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { appDatabaseUrl, asAdmin, DATABASES, ROOT, variable } from '@gatehouse/local';
import { type Running, startSystem } from '../stack.js';
import { until } from '../until.js';

interface Ended {
  code: number;
  out: string;
  complained: string;
}

describe('when an event dies of a fault that is mended later', () => {
  let system: Running;
  beforeAll(async () => {
    system = await startSystem();
  }, 120_000);
  afterAll(() => system?.stop());

  /** The command line as an operator's machine runs it: a process that knows the databases and nothing else. */
  const gatehouse = (...args: string[]): Promise<Ended> => {
    const { adminUrl, secrets } = system.stack;
    const urls = DATABASES.map((app) => [
      variable(app).replace('_URL', '_DATABASE_URL'),
      appDatabaseUrl(adminUrl, app, secrets.databasePasswords),
    ]);
    const env = { PATH: process.env.PATH, GATEHOUSE_OPERATOR: 'olga', ...Object.fromEntries(urls) };
    return new Promise((done) => {
      execFile(process.execPath, [join(ROOT, 'packages/messaging/dist/cli/main.js'), ...args], { env }, (error, out, complained) => {
        done({ code: error ? Number(error.code) : 0, out, complained });
      });
    });
  };
  const json = async <T>(...args: string[]): Promise<T> => {
    const { code, out, complained } = await gatehouse(...args, '--json');
    if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${complained}${out}`);
    return JSON.parse(out) as T;
  };
  const inConnections = (statement: string) => {
    const url = new URL(system.stack.adminUrl);
    url.pathname = '/connections';
    return asAdmin(url.href, (client) => client.query(statement));
  };
  const letters = async () =>
    (await json<{ items: { eventId: string; consumer: string; replays: number; code: string }[] }>('dead-letters', 'list')).items;
  const entitiesOf = (user: string) => system.watcher.of('entity.created', ({ key }) => key === user);

  it('is listed, shown, replayed with effect once when the fault is gone, and a second replay does nothing', async () => {
    const { ana, upstream, watcher } = system;
    await inConnections(`create function broken() returns trigger language plpgsql as $$ begin raise exception 'broken' using errcode = '22000'; end $$;
      create trigger broken before insert on composio_entity for each row when (new.user_id = '${ana.id}') execute function broken()`);
    await upstream.publish({ type: 'user.created', data: { userId: ana.id, email: ana.email } });
    const [letter, ...others] = await until('the dead letter', async () => {
      const found = await letters();
      return found.length > 0 && found;
    });
    expect(others).toEqual([]);
    const id = letter?.eventId ?? '';
    expect(letter).toMatchObject({
      consumer: 'connections',
      code: 'handler',
      topic: 'user.created',
      key: ana.id,
      reason: 'SQLSTATE 22000',
      replays: 0,
    });

    const shown = await gatehouse('dead-letters', 'show', '--id', id);
    expect(shown.code).toBe(0);
    expect(shown.out).toMatch(/consumer +connections\n.*topic +user\.created, partition/);
    expect(shown.out).toContain('ce_type: user.created');
    expect(shown.out).toContain(ana.email);
    expect(JSON.parse((await gatehouse('dead-letters', 'show', '--id', id, '--raw')).out)).toEqual({ userId: ana.id, email: ana.email });

    // While the fault is there, a replay is a dead letter again.
    expect(await gatehouse('dead-letters', 'replay', '--consumer', 'connections', '--reason', 'handler', '--dry-run')).toMatchObject({
      code: 0,
    });
    expect(await gatehouse('dead-letters', 'replay', '--consumer', 'connections', '--id', id)).toMatchObject({ code: 0 });
    await until('it died again', async () => (await letters()).some(({ replays }) => replays === 1));
    expect(entitiesOf(ana.id)).toEqual([]);

    await inConnections('drop trigger broken on composio_entity; drop function broken()');
    const replayed = await gatehouse('dead-letters', 'replay', '--consumer', 'connections', '--id', id, '--note', 'the trigger is gone');
    expect(replayed).toMatchObject({ code: 0, out: expect.stringContaining(`${id}  queued`) });
    await until('its effect', () => entitiesOf(ana.id).length === 1);
    expect(await letters()).toEqual([]);

    const again = await gatehouse('dead-letters', 'replay', '--consumer', 'connections', '--id', id);
    expect(again).toMatchObject({ code: 0, out: expect.stringContaining(`${id}  it is done: olga replayed it at`) });
    const after = await gatehouse('dead-letters', 'show', '--id', id);
    expect(after.out.split('\n').filter((line) => line.includes('olga: dead-letters replay'))).toHaveLength(2);
    expect(after.out).toContain('“the trigger is gone”');

    // Behind it in the same topic, so that whatever a second replay might have done is there by now.
    await upstream.publish({ type: 'user.created', data: { userId: system.ben.id, email: system.ben.email } });
    await until("Ben's entity", () => entitiesOf(system.ben.id).length === 1);
    expect(entitiesOf(ana.id)).toHaveLength(1);
    expect(watcher.of('user.created', ({ key }) => key === ana.id)).toHaveLength(1); // nobody else heard of it again
  });

  it('is kept byte for byte and refused when it could never be handled, and can be dropped', async () => {
    const { ana, upstream } = system;
    const body = Buffer.from([0xff, 0x00, 0xfe, 0x80, 0x0a]);
    await upstream.publish({ type: 'user.created', data: {}, key: ana.id, body });
    const list = await until('a dead letter of each who listens', async () => {
      const found = await letters();
      return found.length === 2 && found;
    });
    expect(list.map(({ consumer }) => consumer)).toEqual(['connections', 'notifier']);
    const id = list[0]?.eventId ?? '';
    const { events } = await json<{ events: { letter: { body: string; encoding: string } }[] }>('dead-letters', 'show', '--id', id);
    expect(events[0]?.letter).toMatchObject({ encoding: 'base64', body: body.toString('base64') });
    const refused = await gatehouse('dead-letters', 'replay', '--consumer', 'connections', '--id', id);
    expect(refused).toMatchObject({ code: 1, out: expect.stringContaining('it can never be handled as it is') });
    for (const { consumer } of list) {
      expect(await gatehouse('dead-letters', 'drop', '--consumer', consumer, '--id', id)).toMatchObject({ code: 0 });
    }
    expect(await letters()).toEqual([]);
    expect(await gatehouse('dead-letters', 'drop', '--consumer', 'connections', '--id', randomUUID())).toMatchObject({ code: 1 });
  });
});
