import childProcess from 'node:child_process';
import net, { type AddressInfo } from 'node:net';

/** Writes down every host that this process connects to, and every program that it starts, by whatever library. */
export function watchProcess() {
  const hosts = new Set<string>();
  const programs: string[] = [];
  const { connect } = net.Socket.prototype;
  net.Socket.prototype.connect = function (this: net.Socket, ...args: unknown[]) {
    const [first] = Array.isArray(args[0]) ? args[0] : args;
    const { host, port, path } = (typeof first === 'object' ? first : { port: first, host: args[1] }) as Record<string, unknown>;
    hosts.add(path ? String(path) : `${host ?? 'localhost'}:${port}`);
    return Reflect.apply(connect, this, args) as net.Socket;
  } as typeof connect;
  const { spawn } = childProcess;
  childProcess.spawn = ((...args: Parameters<typeof spawn>) => {
    programs.push(String(args[0]));
    return Reflect.apply(spawn, childProcess, args);
  }) as typeof spawn;
  return {
    hosts,
    programs,
    stop() {
      net.Socket.prototype.connect = connect;
      childProcess.spawn = spawn;
    },
  };
}

/** A line to the emulator that can be cut, so that "nobody is there" can be tried on the address that a driver already has. */
export async function wireTo(target: string) {
  const { hostname, port } = new URL(target);
  const open = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    const onward = net.connect(Number(port), hostname);
    for (const end of [socket, onward]) {
      open.add(end);
      end.on('error', () => undefined).on('close', () => open.delete(end));
    }
    socket.pipe(onward).pipe(socket);
  });
  const listen = (on: number) => new Promise<void>((done) => server.listen(on, '127.0.0.1', done));
  await listen(0);
  const own = (server.address() as AddressInfo).port;
  const cut = () =>
    new Promise<void>((done) => {
      server.close(() => done());
      for (const socket of open) socket.destroy();
    });
  return { url: `http://127.0.0.1:${own}`, host: `127.0.0.1:${own}`, cut, mend: () => listen(own) };
}
