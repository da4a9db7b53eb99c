import { type NeededApps, type Verdict, verdict } from '@gatehouse/contracts';
import { AskError, InternalTokens, Sibling } from '@gatehouse/runtime';
import { Injectable } from '@nestjs/common';
import { config } from './config.js';
import { NotNow, RunFailure } from './queue/lease.js';

@Injectable()
export class GateClient {
  private readonly connections: Sibling;

  constructor(tokens: InternalTokens) {
    this.connections = new Sibling({ name: 'connections', url: config.CONNECTIONS_URL, tokens, timeoutMs: 5_000 });
  }

  /** May this user run with these apps now? No answer is no: the run is put off (`NotNow`), never let through. */
  async ask(userId: string, apps: NeededApps): Promise<Verdict> {
    const answer = await this.connections
      .ask({ method: 'POST', path: '/v1/gate', body: { userId, apps }, as: { kind: 'user', id: userId }, response: verdict })
      .catch((error: unknown) => {
        if (error instanceof AskError && error.status === 400)
          throw new RunFailure({ code: 'gate_refused', message: 'This run names apps that cannot be checked.' });
        throw new NotNow(error instanceof AskError ? `the gate answered ${error.status || 'nothing'}` : 'the gate answered nonsense');
      });
    if (answer.userId !== userId) throw new NotNow('the gate answered for another user');
    const there = new Set(answer.accounts.map(({ app }) => app));
    if (answer.verdict !== 'blocked' && apps.required.some((app) => !there.has(app))) throw new NotNow('the gate named no account');
    return answer;
  }
}
