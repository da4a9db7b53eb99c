import { accountId, COMPOSIO, type ComposioPort, entityId, OutcomeUnknown, RateLimited, Unavailable } from '@gatehouse/composio';
import { Transactional } from '@gatehouse/persistence';
import { log } from '@gatehouse/runtime';
import { LockMode } from '@mikro-orm/core';
import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { Account } from './account.entity.js';
import { Connection } from './connection.entity.js';

const TRIES = 5;
const labels = log('labels');

@Injectable()
export class LabelAccount {
  constructor(
    private readonly em: EntityManager,
    @Inject(COMPOSIO) private readonly composio: ComposioPort,
  ) {}

  /**
   * Reads whom the account is signed in as, so that people see whose it is. A nicety, out of the budget that
   * people wait for least: what cannot be read is left without.
   */
  async execute(userId: string, id: string): Promise<void> {
    const account = await this.em.findOne(Account, { userId, id, state: 'active' }, { refresh: true });
    const connection = account && (await this.em.findOne(Connection, { userId, id: account.connectionId }, { refresh: true }));
    if (!account?.accountId || !connection?.connectedAt) return;
    const label = await this.read(account, account.accountId);
    if (label !== undefined) await this.note(account, connection.connectedAt, label);
  }

  /** Undefined: not now, but perhaps later; the row is taken up again in a minute. */
  private async read({ userId, app, id, tries }: Account, asked: string): Promise<string | null | undefined> {
    try {
      return await this.composio.accountLabel({ id: accountId(asked), owner: entityId(userId), app }, { budget: 'sweep' });
    } catch (err) {
      const passing = [OutcomeUnknown, RateLimited, Unavailable].some((kind) => err instanceof kind);
      if (passing && tries < TRIES) return undefined;
      labels.warn({ err, accountRowId: id }, 'an account stays without a label');
      return null;
    }
  }

  /** Unless it was connected again meanwhile: the same account may be another person's by then. One that cannot be read keeps the label it has. */
  @Transactional()
  async note({ userId, id, connectionId }: Account, connectedAt: Date, label: string | null): Promise<void> {
    const lock = { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true } as const;
    const connection = await this.em.findOne(Connection, { userId, id: connectionId }, lock);
    const account = await this.em.findOne(Account, { userId, id }, lock);
    if (account?.state !== 'active' || connection?.connectedAt?.getTime() !== connectedAt.getTime()) return;
    account.workAt = null;
    if (label !== null) connection.accountLabel = label;
  }
}
