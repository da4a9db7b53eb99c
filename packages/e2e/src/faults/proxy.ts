import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

interface Pair {
  readonly inner: Socket | undefined;
  readonly outer: Socket;
  /** Bytes come in on either side and go nowhere; the end of one side is not told to the other. */
  deaf: boolean;
}

/**
 * A piece of network between the services and one server, which can be bad: slow, cut, silent. What it does to a connection it does in both
 * directions, and only until `heal`: then what was silent is reset, as by a peer that no longer knows of it.
 */
export class TcpProxy {
  /** Milliseconds that every piece waits, each way. */
  latencyMs = 0;
  /** What becomes of new connections: passed on, or accepted and never answered. */
  private accepting: 'pass' | 'silence' = 'pass';
  private readonly pairs = new Set<Pair>();

  private constructor(
    private readonly server: Server,
    private readonly target: number,
  ) {}

  static async start(target: number): Promise<TcpProxy> {
    const server = createServer({ noDelay: true });
    const proxy = new TcpProxy(server, target);
    server.on('connection', (outer) => proxy.take(outer));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Cuts all connections hard. */
  reset(): void {
    for (const pair of this.pairs) cut(pair);
  }

  /** All connections fall silent, and new ones too: they are accepted, and nobody answers. */
  blackHole(): void {
    this.accepting = 'silence';
    this.forget();
  }

  /** Whoever was connected is cut; whoever comes is accepted and never answered. */
  halfOpen(): void {
    this.accepting = 'silence';
    this.reset();
  }

  /** All connections fall silent as if a firewall had forgotten them. New ones pass. */
  forget(): void {
    for (const pair of this.pairs) pair.deaf = true;
  }

  heal(): void {
    this.latencyMs = 0;
    this.accepting = 'pass';
    for (const pair of this.pairs) if (pair.deaf) cut(pair);
  }

  async stop(): Promise<void> {
    this.server.close();
    this.reset();
    await once(this.server, 'close');
  }

  private take(outer: Socket): void {
    const silent = this.accepting === 'silence';
    const inner = silent ? undefined : connect({ port: this.target, host: '127.0.0.1', noDelay: true });
    const pair: Pair = { outer, inner, deaf: silent };
    this.pairs.add(pair);
    this.pass(pair, outer, inner);
    if (inner) this.pass(pair, inner, outer);
  }

  private pass(pair: Pair, from: Socket, to: Socket | undefined): void {
    const inOrder = this.line();
    from.on('data', (piece) => {
      if (!pair.deaf) inOrder(() => !pair.deaf && to?.writable && hand(piece, from, to));
    });
    from.on('error', () => {});
    from.on('close', () => {
      if (pair.deaf && to && !to.destroyed) return; // the other side is told when it heals
      this.pairs.delete(pair);
      inOrder(() => to?.destroy());
    });
  }

  /** One direction of one connection: what is slow stays ahead of what comes after the network has healed. */
  private line(): (work: () => void) => void {
    let waiting = 0;
    let last: Promise<unknown> = Promise.resolve();
    return (work) => {
      if (this.latencyMs === 0 && waiting === 0) return work();
      waiting++;
      last = Promise.all([last, sleep(this.latencyMs)]).then(() => {
        waiting--;
        work();
      });
    };
  }
}

function hand(piece: Buffer | string, from: Socket, to: Socket): void {
  if (to.write(piece)) return;
  from.pause();
  to.once('drain', () => from.resume());
}

function cut({ inner, outer }: Pair): void {
  inner?.resetAndDestroy();
  outer.resetAndDestroy();
}
