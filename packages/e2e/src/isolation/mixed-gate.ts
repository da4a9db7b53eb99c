import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Verdict {
  verdict: string;
  userId: string;
  accounts: { app: string; owner: string }[];
}

/** Every so many answers are not those to the question. */
const EVERY = 25;

/**
 * Stands before the real gate and now and then answers with what belongs to another user, as a cache or a join gone wrong would: only the
 * checks of the one who asks are between such an answer and somebody else's account.
 */
export class MixedGate {
  private asked = 0;
  private last: Verdict | undefined;
  /** Answers in which the accounts, or the whole of it, were another user's. */
  readonly mixedUp = { accounts: 0, whole: 0 };

  private constructor(
    private readonly server: Server,
    private readonly target: string,
  ) {
    server.on('request', (asking, answering) => void this.pass(asking, answering));
  }

  static async start(target: string): Promise<MixedGate> {
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return new MixedGate(server, target);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  private pass(asking: IncomingMessage, answering: ServerResponse): void {
    const onward = request(this.target + asking.url, { method: asking.method, headers: asking.headers }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (part: string) => (text += part));
      answer.once('end', () => {
        answering.writeHead(answer.statusCode ?? 502, { 'content-type': answer.headers['content-type'] ?? 'application/json' });
        answering.end(asking.url === '/v1/gate' && answer.statusCode === 200 ? this.mix(text) : text);
      });
    });
    onward.once('error', () => answering.destroy());
    asking.pipe(onward);
  }

  /** An answer that some other user had before, with all the apps that are needed. */
  private mix(text: string): string {
    const mine = JSON.parse(text) as Verdict;
    const other = this.last;
    const fits = other?.userId !== mine.userId && mine.accounts.every(({ app }) => other?.accounts.some((one) => one.app === app));
    if (!other || mine.accounts.length >= other.accounts.length) this.last = mine;
    this.asked += 1;
    if (!other || !fits || this.asked % EVERY > 1) return text;
    this.last = mine;
    if (this.asked % EVERY === 1) {
      this.mixedUp.whole += 1;
      return JSON.stringify(other);
    }
    this.mixedUp.accounts += 1;
    return JSON.stringify({ ...mine, accounts: other.accounts.filter(({ app }) => mine.accounts.some((one) => one.app === app)) });
  }
}
