import type { Account, AccountFilter, Cursor, Page } from '@gatehouse/composio';
import { COMPOSIO_AUDIT, type ComposioAudit } from '@gatehouse/composio/audit';
import { Inject, Injectable } from '@nestjs/common';
import { Breaker } from '../breaker.js';
import { config } from '../config.js';
import { asked } from '../counts.js';

@Injectable()
export class ListAccounts {
  constructor(
    @Inject(COMPOSIO_AUDIT) private readonly composio: ComposioAudit,
    private readonly breaker: Breaker,
  ) {}

  /** One page of everybody's accounts. What is not on it proves nothing. */
  async execute(filter: AccountFilter, cursor: string | null, work: 'sweep' | 'reconciliation'): Promise<Page<Account>> {
    const question = { ...filter, limit: config.SWEEP_PAGE_SIZE, ...(cursor && { cursor: cursor as Cursor }) };
    const page = await this.breaker.watch(() => this.composio.listEveryAccount(question, { budget: 'sweep' }));
    asked.inc({ work });
    return page;
  }
}
