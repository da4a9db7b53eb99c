import { Injectable } from '@nestjs/common';
import type { LeasedShard } from '../sweep/lease-shards.js';
import { CloseReport } from './close-report.js';
import { OpenReport } from './open-report.js';
import { ProveMissing } from './prove-missing.js';
import { ReconcilePage } from './reconcile-page.js';

/** First all that Composio lists against ours, then ours that it did not list. */
@Injectable()
export class Reconcile {
  constructor(
    private readonly openReport: OpenReport,
    private readonly reconcilePage: ReconcilePage,
    private readonly proveMissing: ProveMissing,
    private readonly closeReport: CloseReport,
  ) {}

  open(): Promise<void> {
    return this.openReport.scheduled();
  }

  async step(leased: LeasedShard): Promise<{ leased: LeasedShard | null; calls: number }> {
    return leased.shard === 'list' ? { leased: await this.reconcilePage.execute(leased), calls: 1 } : this.proveMissing.execute(leased);
  }

  close(): Promise<void> {
    return this.closeReport.execute();
  }
}
