import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ISocketFactory } from 'kafkajs';

const KEEP_ALIVE_MS = 60_000;

/**
 * The sockets of one driver, so that a stop can end them: kafkajs has no way to give up a call that waits for the broker, and goes on
 * trying after `disconnect`.
 */
export class Connections {
  private readonly sockets = new Set<Socket>();
  isCut = false;

  constructor(private readonly list: readonly string[]) {}

  /** An empty list is the one answer that kafkajs takes for final instead of trying again. */
  brokers(): string[] {
    return this.isCut ? [] : [...this.list];
  }

  /** As kafkajs does by itself, and remembered. */
  open({ host, port, ssl, onConnect }: Parameters<ISocketFactory>[0]): Socket {
    if (this.isCut) throw new Error('the driver is closed');
    const name = isIP(host) ? {} : { servername: host };
    const socket = ssl ? connectTls({ host, port, ...name, ...ssl }, onConnect) : connect({ host, port }, onConnect);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    return socket;
  }

  cut(): void {
    this.isCut = true;
    for (const socket of this.sockets) socket.destroy(new Error('the driver is closed'));
  }
}
