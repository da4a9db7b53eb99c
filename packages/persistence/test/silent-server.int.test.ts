import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import pg from 'pg';
import { releaseDeadConnections } from '../src/dead-connections.js';

describe('when the network swallows what is sent to Postgres', () => {
  it('gives a statement up soon after its time-out, and takes a fresh connection for the next', async () => {
    const database = new URL(process.env.DATABASE_URL ?? '');
    const sockets: Socket[] = [];
    const network = createServer((outer) => {
      const inner = connect(Number(database.port), database.hostname);
      for (const socket of [outer, inner]) sockets.push(socket.on('error', () => undefined));
      outer.pipe(inner).pipe(outer);
    });
    network.listen(0, '127.0.0.1');
    await once(network, 'listening');
    const { port } = network.address() as AddressInfo;
    const through = new URL(database);
    through.hostname = '127.0.0.1';
    through.port = String(port);
    const pool = new pg.Pool({ connectionString: through.href, max: 1, statement_timeout: 500 });
    pool.on('error', () => undefined);
    releaseDeadConnections(pool);
    let giveUp: NodeJS.Timeout | undefined;
    try {
      await pool.query('select 1');
      const silent = sockets.splice(0);
      for (const socket of silent) socket.unpipe().resume();
      giveUp = setTimeout(() => silent.forEach((socket) => void socket.destroy()), 8_000);
      const began = performance.now();
      await expect(pool.query('select 1')).rejects.toThrow('does not answer');
      expect(performance.now() - began).toBeLessThan(6_000);
      await expect(pool.query('select 2 as two')).resolves.toMatchObject({ rows: [{ two: 2 }] });
    } finally {
      clearTimeout(giveUp);
      await pool.end();
      for (const socket of sockets) socket.destroy();
      network.close();
    }
  }, 20_000);
});
