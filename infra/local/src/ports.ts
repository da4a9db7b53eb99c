import { createServer } from 'node:net';
import { Failure } from './failure.ts';

/** Ports of a local stack; `npm start` uses these, tests and the demo take free ones. */
export interface Ports {
  gateway: number;
  identity: number;
  connections: number;
  'agent-runner': number;
  auditor: number;
  notifier: number;
  sandbox: number;
  smtp: number;
  postgres: number;
  kafka: number;
  kafkaController: number;
}

export const PORTS: Ports = {
  gateway: 3000,
  identity: 3001,
  connections: 3002,
  'agent-runner': 3003,
  auditor: 3004,
  notifier: 3005,
  sandbox: 3010,
  smtp: 3025,
  postgres: 54320,
  kafka: 19092,
  kafkaController: 19093,
};

/** `count` different ports that nobody listens on at the moment. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listen(0)));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map(close));
  return ports;
}

export async function freePort(): Promise<number> {
  const [port] = await freePorts(1);
  return port as number;
}

export async function freePortMap(): Promise<Ports> {
  const names = Object.keys(PORTS) as (keyof Ports)[];
  const free = await freePorts(names.length);
  return Object.fromEntries(names.map((name, i) => [name, free[i]])) as unknown as Ports;
}

/** Throws a Failure that names the port and its user when somebody listens there already. */
export async function mustBeFree(port: number, user: string): Promise<void> {
  try {
    await close(await listen(port));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EADDRINUSE')
      throw new Failure(`Port ${port}, which ${user} needs, is taken by another program: stop that and start again.`);
    throw new Failure(`Port ${port}, which ${user} needs, cannot be used (${code}).`);
  }
}

type Server = ReturnType<typeof createServer>;
const listen = (port: number) =>
  new Promise<Server>((done, failed) => {
    const server = createServer();
    server.once('error', failed);
    server.listen(port, '127.0.0.1', () => done(server));
  });
const close = (server: Server) => new Promise<void>((done) => server.close(() => done()));
