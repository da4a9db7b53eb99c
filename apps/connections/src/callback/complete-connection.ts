import {
  type AccountId,
  COMPOSIO,
  type Account as ComposioAccount,
  ComposioError,
  type ComposioPort,
  ConnectSessionGone,
  entityId,
  IdentityMismatch,
  InvalidRequest,
  NotFound,
  OwnerMismatch,
  OwnerUnproven,
} from '@gatehouse/composio';
import { log, Problem } from '@gatehouse/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { composioProblem } from '../composio-problem.js';
import { ActivateConnection } from '../connections/activate-connection.js';
import type { Connection } from '../connections/connection.entity.js';
import { sha256 } from './browser-secret.js';
import { RedeemSession } from './redeem-session.js';

const security = log('security');

@Injectable()
export class CompleteConnection {
  constructor(
    @Inject(COMPOSIO) private readonly composio: ComposioPort,
    private readonly redeem: RedeemSession,
    private readonly activate: ActivateConnection,
  ) {}

  /** `userId` is the user signed in in the browser that came back, from nowhere else. */
  async execute({ userId, sessionUri }: { userId: string; sessionUri: string }): Promise<Connection> {
    const hash = sha256(sessionUri);
    if (!(await this.redeem.open(userId, hash))) throw gone(); // the row is the proof, and it comes first
    const named = await this.ask(userId, hash, sessionUri);
    const account = await this.read(userId, hash, named.accountId);
    if (account.app !== named.app) throw await this.mismatch('app_mismatch', userId, hash);
    const activation = await this.activate.execute(userId, account, hash);
    if ('connection' in activation) return activation.connection;
    if (activation.refused === 'not_active') throw await this.later(userId, hash);
    if (activation.refused === 'not_theirs') throw await this.mismatch('not_theirs', userId, hash);
    await this.redeem.settle(userId, hash, 'gone');
    if (activation.refused === 'no_attempt') await this.removeStray(userId, named.accountId);
    throw gone();
  }

  private async ask(userId: string, hash: string, sessionUri: string): Promise<{ accountId: AccountId; app: string }> {
    try {
      return await this.composio.completeConnection({ sessionUri, signedIn: entityId(userId) }, { budget: 'interactive' });
    } catch (error) {
      if (error instanceof IdentityMismatch) throw await this.mismatch('identity_mismatch', userId, hash);
      if (error instanceof ConnectSessionGone || error instanceof InvalidRequest || error instanceof NotFound) {
        await this.redeem.settle(userId, hash, 'gone');
        throw gone();
      }
      if (error instanceof ComposioError && error.executed === 'no') {
        await this.redeem.release(userId, hash); // surely not redeemed: the same session may be brought again
        throw composioProblem(error);
      }
      throw await this.later(userId, hash);
    }
  }

  private async read(userId: string, hash: string, id: AccountId): Promise<ComposioAccount> {
    try {
      return await this.composio.getAccount({ id, owner: entityId(userId) }, { budget: 'interactive' });
    } catch (error) {
      if (error instanceof OwnerMismatch || error instanceof OwnerUnproven) throw await this.mismatch('owner_mismatch', userId, hash);
      throw await this.later(userId, hash);
    }
  }

  /** Never redeemed twice: from here on only reading tells. */
  private async later(userId: string, hash: string): Promise<Problem> {
    await this.redeem.settle(userId, hash, 'unknown');
    await this.redeem.lookSoon(userId);
    return new Problem(503, 'connect_checking', 'Almost done. We are still confirming it; this takes a moment.', { retryAfterSeconds: 3 });
  }

  private async mismatch(event: string, userId: string, hash: string): Promise<Problem> {
    await this.redeem.settle(userId, hash, 'mismatch');
    security.warn({ event, userId }, 'a connect flow came back with somebody else, or with something else');
    return new Problem(
      403,
      'identity_mismatch',
      'This was started by someone signed in differently, so we stopped it. Nothing was connected.',
    );
  }

  /** Theirs, but nobody here waits for it: it would stay at Composio unseen. */
  private async removeStray(userId: string, id: AccountId): Promise<void> {
    security.warn({ event: 'stray_account', userId }, 'an account without an attempt of ours is removed');
    await this.composio.removeAccount({ id, owner: entityId(userId), revoke: true }, { budget: 'interactive' }).catch((err: unknown) => {
      security.error({ event: 'stray_account', userId, err }, 'it could not be removed');
    });
  }
}

function gone(): Problem {
  return new Problem(410, 'connect_session_gone', 'This link was already used, or is older than 10 minutes. Start again.');
}
