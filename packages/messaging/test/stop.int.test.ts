import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { tail } from '@gatehouse/messaging';
import { eventually } from '@gatehouse/testing';
import { env, freshName, migrate } from './harness.ts';
import { probe } from './probe-app.ts';

const REFUSED = '127.0.0.1:1';
/** It stops within 5 s on a quiet machine; without a bound it took over 25. */
const LIMIT_MS = 15_000;

describe('while the broker is away', () => {
  const children = new Set<ChildProcess>();
  const servers = new Map<Server, Set<Socket>>();

  beforeAll(migrate);
  afterAll(() => {
    for (const child of children) child.kill('SIGKILL');
    for (const [server, sockets] of servers) {
      for (const socket of sockets) socket.destroy();
      server.close();
    }
  });

  /** Takes connections and never says a word. */
  async function blackHole(): Promise<string> {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => sockets.add(socket.on('error', () => undefined).resume())).listen(0, '127.0.0.1');
    servers.set(server, sockets);
    await once(server, 'listening');
    return `127.0.0.1:${(server.address() as { port: number }).port}`;
  }

  const connected = (address: string) => {
    const [, sockets] = [...servers].find(([server]) => address.endsWith(`:${(server.address() as { port: number }).port}`)) ?? [];
    return sockets?.size ?? 0;
  };

  it.each(['refuses connections', 'takes them and never answers'])('a process stops within seconds (it %s)', async (how) => {
    const brokers = how.startsWith('refuses') ? REFUSED : await blackHole();
    const child = spawn(process.execPath, [`${import.meta.dirname}/probe-process.ts`, freshName()], {
      env: { ...process.env, ...env, KAFKA_BROKERS: brokers },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    children.add(child);
    if (brokers === REFUSED) for await (const chunk of child.stdout) if (String(chunk).includes('"kafka"')) break;
    if (brokers !== REFUSED) await eventually(() => expect(connected(brokers)).toBeGreaterThan(0), { timeoutMs: 40_000 });
    const asked = Date.now();
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(Date.now() - asked).toBeLessThan(LIMIT_MS);
  });

  it.each(['refuses connections', 'takes them and never answers'])('a listener leaves nothing behind (it %s)', async (how) => {
    const brokers = how.startsWith('refuses') ? REFUSED : await blackHole();
    const before = running();
    const stopping = new AbortController();
    const { Happened } = probe(freshName());
    const listening = tail({ app: 'listener', KAFKA_BROKERS: [brokers] }, [Happened], () => undefined, { signal: stopping.signal });
    if (brokers !== REFUSED) await eventually(() => expect(connected(brokers)).toBeGreaterThan(0), { timeoutMs: 40_000 });
    const asked = Date.now();
    stopping.abort();
    await (await listening).stop();
    expect(Date.now() - asked).toBeLessThan(LIMIT_MS);
    await eventually(() => expect(running()).toEqual(before), { timeoutMs: 10_000 }); // the server's ends close, too
  });
});

/** Timers and sockets that would keep the process, or a test run, from ending. */
function running(): string[] {
  return process
    .getActiveResourcesInfo()
    .filter((name) => /^(Timeout|TCPSocketWrap|TCPConnectWrap)$/.test(name))
    .sort();
}
