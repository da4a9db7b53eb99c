import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Blocker, NeededApps, PinnedAccount } from '@gatehouse/contracts';

interface Answer {
  accounts: PinnedAccount[];
  blockers: Blocker[];
}

/** Stands where connections stands, and answers what a test says. Nothing said: nothing is connected. */
export class Gate {
  private readonly answers = new Map<string, Answer>();
  private readonly server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const { userId, apps } = JSON.parse(body) as { userId: string; apps: NeededApps };
      this.asked.push(userId);
      this.named.set(userId, apps.accounts);
      response.writeHead(this.down ? 503 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(this.down ? { code: 'down' } : this.verdict(userId, apps)));
    });
  });
  readonly asked: string[] = [];
  /** Which accounts the run of a user named. */
  readonly named = new Map<string, NeededApps['accounts']>();
  down = false;

  async start(): Promise<string> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    await new Promise((done) => this.server.close(done));
  }

  let(userId: string, ...accounts: PinnedAccount[]): void {
    this.answers.set(userId, { accounts, blockers: [] });
  }

  private verdict(userId: string, { required, optional }: NeededApps) {
    const { accounts } = this.answers.get(userId) ?? { accounts: [] };
    const missing = [...required, ...optional].filter((app) => !accounts.some((account) => account.app === app));
    const blocked = missing.some((app) => required.includes(app));
    const verdict = blocked ? 'blocked' : missing.length ? 'degraded' : 'ready';
    return { verdict, userId, accounts, blockers: missing.map(notConnected) };
  }
}

function notConnected(app: string): Blocker {
  const name = app.charAt(0).toUpperCase() + app.slice(1);
  return {
    app,
    state: 'not_connected',
    message: `Please connect your ${name} account first in Settings > Integrations.`,
    connectUrl: `http://localhost:3000/settings/integrations/${app}`,
  };
}
