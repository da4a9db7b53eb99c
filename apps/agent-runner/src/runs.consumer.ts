import { AgentRunRequested, ConnectionActivated, ConnectionRemoved, type EventOf, UserDeleted } from '@gatehouse/contracts';
import { On } from '@gatehouse/messaging';
import { Controller } from '@nestjs/common';
import { WithdrawApprovals } from './approvals/withdraw-approvals.js';
import { BuryUsers } from './forgetting/bury-users.js';
import { RequestRuns } from './runs/request-runs.js';
import { WakeRuns } from './runs/wake-runs.js';

@Controller()
export class RunsConsumer {
  constructor(
    private readonly requestRuns: RequestRuns,
    private readonly wakeRuns: WakeRuns,
    private readonly withdrawApprovals: WithdrawApprovals,
    private readonly buryUsers: BuryUsers,
  ) {}

  @On(AgentRunRequested)
  async agentRunRequested(events: EventOf<typeof AgentRunRequested>[]): Promise<void> {
    await this.requestRuns.execute(events.map(({ data }) => data));
  }

  @On(ConnectionActivated)
  async connectionActivated(events: EventOf<typeof ConnectionActivated>[]): Promise<void> {
    await this.wakeRuns.execute(events.map(({ data: { userId, app } }) => ({ userId, app })));
  }

  @On(ConnectionRemoved)
  async connectionRemoved(events: EventOf<typeof ConnectionRemoved>[]): Promise<void> {
    await this.withdrawApprovals.execute(events.map(({ data: { userId, connectionId } }) => ({ userId, connectionId })));
  }

  @On(UserDeleted)
  async userDeleted(events: EventOf<typeof UserDeleted>[]): Promise<void> {
    await this.buryUsers.execute(events.map(({ data }) => data.userId));
  }
}
