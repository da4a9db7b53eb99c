import { type Between, freePort, type Ports } from '@gatehouse/local';
import { TcpProxy } from './proxy.js';

/** Between the services and Postgres, the broker, and the sandbox. Clients of the campaign and its checker go past it. */
export class Network {
  private constructor(
    readonly postgres: TcpProxy,
    readonly kafka: TcpProxy,
    readonly sandbox: TcpProxy,
    readonly between: Between,
  ) {}

  static async start(ports: Ports): Promise<Network> {
    const door = await freePort();
    const [postgres, kafka, sandbox] = await Promise.all([ports.postgres, door, ports.sandbox].map((port) => TcpProxy.start(port)));
    if (!postgres || !kafka || !sandbox) throw new Error('three proxies were started');
    const between = { postgres: postgres.port, sandbox: sandbox.port, kafka: { port: door, advertised: kafka.port } };
    return new Network(postgres, kafka, sandbox, between);
  }

  async stop(): Promise<void> {
    await Promise.all([this.postgres, this.kafka, this.sandbox].map((proxy) => proxy.stop()));
  }
}
