import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { eventually } from '@gatehouse/testing';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { sql } from 'kysely';
import { collect, committed, createTopics, effects, env, freshName, freshUser, migrate, publish, query, record } from './harness.ts';
import { probe, startProbe } from './probe-app.ts';

describe('when a process is killed between two commits', () => {
  const children = new Set<ChildProcess>();
  let watcher: NestFastifyApplication;

  beforeAll(async () => {
    await migrate();
    watcher = await startProbe(probe(freshName()), env); // looks at the database; its own consumer is not started
  });
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await watcher.close();
  });

  it.each(['consumer.committed', 'relay.sent'])('delivers again, with one effect (%s)', async (failPoint) => {
    const name = freshName();
    const { Happened, Echoed } = probe(name);
    await createTopics(name, 1);
    const user = freshUser();
    const echoes = await collect(Echoed.type);
    await publish(
      Happened.type,
      [1, 2, 3].map((n) => record(Happened.type, { userId: user, n })),
    );

    const victim = run(name, { FAIL_POINT: failPoint });
    const [, signal] = await once(victim, 'exit');
    expect(signal).toBe('SIGKILL');
    expect((await effects(watcher))[user]).toEqual([1, 2, 3]);
    if (failPoint === 'consumer.committed') expect(await committed(name, Happened.type)).toBe(0);
    else expect(await query(watcher, sql`select from outbox where key = ${user}`)).toHaveLength(3);

    const heir = run(name);
    await eventually(async () => expect(await committed(name, Happened.type)).toBe(3), { timeoutMs: 40_000 });
    await eventually(async () => expect(await query(watcher, sql`select from outbox where key = ${user}`)).toEqual([]), {
      timeoutMs: 20_000,
    });
    expect((await effects(watcher))[user]).toEqual([1, 2, 3]);
    const told = echoes.records.filter(({ key }) => String(key) === user);
    const firstCopies = [...new Map(told.map((message) => [String(message.headers?.ce_id), message])).values()];
    expect(firstCopies.map(({ value }) => JSON.parse(String(value)).n)).toEqual([1, 2, 3]);
    if (failPoint === 'relay.sent') expect(told.length).toBe(6);
    heir.kill('SIGTERM');
    expect(await once(heir, 'exit')).toEqual([0, null]);
    await echoes.stop();
  });

  function run(name: string, more: Record<string, string> = {}): ChildProcess {
    const child = spawn(process.execPath, [`${import.meta.dirname}/probe-process.ts`, name], {
      env: { ...process.env, ...env, ...more },
      stdio: 'ignore',
    });
    children.add(child);
    return child;
  }
});
