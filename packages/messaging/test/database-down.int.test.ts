import { connect, createServer, type Server, type Socket } from 'node:net';
import { eventually } from '@gatehouse/testing';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { sql } from 'kysely';
import { createTopics, effects, env, freshName, freshUser, migrate, publish, query, record } from './harness.ts';
import { probe, startProbe } from './probe-app.ts';

describe('when the database is away', () => {
  const parts = probe(freshName());
  const topic = parts.Happened.type;
  let wire: Wire;
  let app: NestFastifyApplication;
  let watcher: NestFastifyApplication;

  beforeAll(async () => {
    await Promise.all([migrate(), createTopics(parts.name)]);
    wire = await Wire.to(env.DATABASE_URL);
    watcher = await startProbe(probe(freshName()), env);
    app = await startProbe(parts, { ...env, DATABASE_URL: wire.url });
    await app.startAllMicroservices();
  });
  afterAll(async () => {
    await app.close();
    await watcher.close();
    wire.close();
  });

  it('waits, makes no dead letter of a good event, and catches up by itself', async () => {
    const user = freshUser();
    await publish(topic, [record(topic, { userId: user, n: 1 })]);
    await eventually(async () => expect((await effects(watcher))[user]).toEqual([1]), { timeoutMs: 30_000 });
    // More often than there are connections in the pool: one lost a time would leave none.
    for (let n = 2; n <= 11; n++) {
      const flow = publish(topic, [record(topic, { userId: user, n })]);
      wire.cut();
      await flow;
      const { refused } = wire;
      await eventually(() => expect(wire.refused).toBeGreaterThan(refused), { timeoutMs: 20_000 });
      wire.mend();
      await eventually(async () => expect((await effects(watcher))[user]).toContain(n), { timeoutMs: 60_000 });
    }
    expect((await effects(watcher))[user]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(await query(watcher, sql`select from dead_letter`)).toEqual([]);
    expect(await query(watcher, sql`select from parked_key`)).toEqual([]);
  });
});

/** A way to the database that can be cut. */
class Wire {
  refused = 0;
  private open = true;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async to(target: string): Promise<Wire> {
    const url = new URL(target);
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    const through = new URL(target);
    through.hostname = '127.0.0.1';
    through.port = String(port);
    const wire = new Wire(server, through.href);
    server.on('connection', (socket) => wire.join(socket, Number(url.port), url.hostname));
    return wire;
  }

  cut(): void {
    this.open = false;
    for (const socket of this.sockets) socket.destroy();
  }

  mend(): void {
    this.open = true;
  }

  close(): void {
    this.cut();
    this.server.close();
  }

  private join(near: Socket, port: number, host: string): void {
    if (!this.open) {
      this.refused++;
      near.destroy();
      return;
    }
    const far = connect(port, host);
    for (const socket of [near, far]) {
      this.sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => this.sockets.delete(socket));
    }
    near.pipe(far).pipe(near);
  }
}
