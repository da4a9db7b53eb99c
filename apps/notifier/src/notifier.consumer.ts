import type { EventOf } from '@gatehouse/contracts';
import * as facts from '@gatehouse/contracts';
import { On } from '@gatehouse/messaging';
import { Controller } from '@nestjs/common';
import { ForgetUsers } from './contacts/forget-users.js';
import { RememberContacts } from './contacts/remember-contacts.js';
import { AnnounceIncidents } from './notifications/announce-incidents.js';
import { blockedRun, brokenConnection, wantedApproval } from './notifications/incidents.js';
import { SettleIncidents, type Settlement } from './notifications/settle-incidents.js';

type RunFact = { time: Date; data: { runId: string; userId: string } };

@Controller()
export class NotifierConsumer {
  constructor(
    private readonly rememberContacts: RememberContacts,
    private readonly forgetUsers: ForgetUsers,
    private readonly announce: AnnounceIncidents,
    private readonly settle: SettleIncidents,
  ) {}

  @On(facts.UserCreated)
  async userCreated(events: EventOf<typeof facts.UserCreated>[]): Promise<void> {
    await this.rememberContacts.execute(events.map(({ data }) => data));
  }

  @On(facts.UserDeleted)
  async userDeleted(events: EventOf<typeof facts.UserDeleted>[]): Promise<void> {
    await this.forgetUsers.execute(events.map(({ data }) => data.userId));
  }

  @On(facts.ConnectionExpired)
  async connectionExpired(events: EventOf<typeof facts.ConnectionExpired>[]): Promise<void> {
    await this.announce.execute(events.map(brokenConnection));
  }

  @On(facts.ConnectionActivated)
  async connectionActivated(events: EventOf<typeof facts.ConnectionActivated>[]): Promise<void> {
    // One at a time within a connection, or the account between two others would be forgotten.
    for (const round of rounds(events, ({ data }) => data.connectionId)) {
      await this.settle.execute(
        round.map(({ data, time }) => ({
          userId: data.userId,
          subject: `connection:${data.connectionId}`,
          activation: { epoch: data.epoch, accountId: data.accountId },
          factAt: time,
          closed: false,
        })),
      );
    }
  }

  @On(facts.ConnectionRemoved)
  async connectionRemoved(events: EventOf<typeof facts.ConnectionRemoved>[]): Promise<void> {
    await this.settle.execute(
      events.map(({ data, time }) => ({
        userId: data.userId,
        subject: `connection:${data.connectionId}`,
        activation: null,
        factAt: time,
        closed: true,
      })),
    );
  }

  @On(facts.AgentRunBlocked)
  async agentRunBlocked(events: EventOf<typeof facts.AgentRunBlocked>[]): Promise<void> {
    // What an operator has stopped goes on by itself, and a person can do nothing about it: a switch on everything would write to all.
    const theirs = events.filter(({ data }) => data.blockers.some(({ state }) => state !== 'paused'));
    await this.announce.execute(theirs.map(blockedRun));
  }

  @On(facts.AgentRunApprovalRequested)
  async agentRunApprovalRequested(events: EventOf<typeof facts.AgentRunApprovalRequested>[]): Promise<void> {
    await this.announce.execute(events.map(wantedApproval));
  }

  @On(facts.AgentRunResumed)
  async agentRunResumed(events: EventOf<typeof facts.AgentRunResumed>[]): Promise<void> {
    await this.settle.execute(events.map((event) => runSettled(event, false)));
  }

  @On(facts.AgentRunCompleted)
  async agentRunCompleted(events: EventOf<typeof facts.AgentRunCompleted>[]): Promise<void> {
    await this.settle.execute(events.map((event) => runSettled(event, true)));
  }

  @On(facts.AgentRunFailed)
  async agentRunFailed(events: EventOf<typeof facts.AgentRunFailed>[]): Promise<void> {
    await this.settle.execute(events.map((event) => runSettled(event, true)));
  }

  @On(facts.AgentRunCancelled)
  async agentRunCancelled(events: EventOf<typeof facts.AgentRunCancelled>[]): Promise<void> {
    await this.settle.execute(events.map((event) => runSettled(event, true)));
  }
}

const runSettled = ({ data, time }: RunFact, closed: boolean): Settlement => ({
  userId: data.userId,
  subject: `run:${data.runId}`,
  activation: null,
  factAt: time,
  closed,
});

/** Splits a list so that no part has two of one key, the order within a key kept: the parts are as many as the busiest key has. */
function rounds<T>(list: readonly T[], keyOf: (item: T) => string): T[][] {
  const parts: T[][] = [];
  const seen = new Map<string, number>();
  for (const item of list) {
    const nth = seen.get(keyOf(item)) ?? 0;
    seen.set(keyOf(item), nth + 1);
    const part = parts[nth];
    if (part) part.push(item);
    else parts[nth] = [item];
  }
  return parts;
}
