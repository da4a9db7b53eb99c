import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@gatehouse/testing';
import { TcpProxy } from './proxy.js';

describe('the network that can be bad', () => {
  let echo: Server;
  let proxy: TcpProxy;
  const clients: Socket[] = [];
  beforeEach(async () => {
    echo = createServer((socket) => socket.on('error', () => {}).pipe(socket));
    echo.listen(0, '127.0.0.1');
    await once(echo, 'listening');
    proxy = await TcpProxy.start((echo.address() as AddressInfo).port);
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.destroy();
    await proxy.stop();
    echo.close();
  });

  const join = async () => {
    const socket = connect(proxy.port, '127.0.0.1');
    clients.push(socket);
    const heard = { text: '', ended: '' };
    socket.on('data', (piece) => {
      heard.text += piece;
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      heard.ended = error.code ?? '';
    });
    await once(socket, 'connect');
    return { socket, heard };
  };

  it('passes bytes both ways, in their order, also when it becomes slow and fast again', async () => {
    const { socket, heard } = await join();
    socket.write('a');
    await eventually(() => expect(heard.text).toBe('a'));
    proxy.latencyMs = 50;
    const began = performance.now();
    socket.write('b');
    await eventually(() => expect(heard.text).toBe('ab'));
    expect(performance.now() - began).toBeGreaterThan(90);
    socket.write('c');
    proxy.heal();
    socket.write('d');
    await eventually(() => expect(heard.text).toBe('abcd'));
  });

  it('forgets who is connected and lets others through; healed, it cuts those it forgot', async () => {
    const [old] = [await join()];
    old.socket.write('a');
    await eventually(() => expect(old.heard.text).toBe('a'));
    proxy.forget();
    old.socket.write('b');
    const fresh = await join();
    fresh.socket.write('c');
    await eventually(() => expect(fresh.heard.text).toBe('c'));
    expect(old.heard).toEqual({ text: 'a', ended: '' });
    proxy.heal();
    await eventually(() => expect(old.heard.ended).toBe('ECONNRESET'));
  });

  it('accepts and never answers, until it is healed', async () => {
    proxy.halfOpen();
    const { socket, heard } = await join();
    socket.write('a');
    await sleep(50); // nothing is to come: there is no event to wait for
    expect(heard).toEqual({ text: '', ended: '' });
    proxy.heal();
    await eventually(() => expect(heard.ended).toBe('ECONNRESET'));
  });
});
