import { ConnectionActivated, ConnectionRemoved, ConnectionSuspected, type EventOf, UserDeleted } from '@gatehouse/contracts';
import { On } from '@gatehouse/messaging';
import { Controller } from '@nestjs/common';
import { ForgetUsers } from './watch/forget-users.js';
import { SuspectConnections } from './watch/suspect-connections.js';
import { UnwatchConnections } from './watch/unwatch-connections.js';
import { WatchConnections } from './watch/watch-connections.js';

@Controller()
export class AuditorConsumer {
  constructor(
    private readonly watch: WatchConnections,
    private readonly unwatch: UnwatchConnections,
    private readonly suspect: SuspectConnections,
    private readonly forget: ForgetUsers,
  ) {}

  @On(ConnectionActivated)
  async connectionActivated(events: EventOf<typeof ConnectionActivated>[]): Promise<void> {
    await this.watch.execute(events.map(({ data }) => data));
  }

  @On(ConnectionRemoved)
  async connectionRemoved(events: EventOf<typeof ConnectionRemoved>[]): Promise<void> {
    await this.unwatch.execute(events.map(({ data }) => data));
  }

  @On(ConnectionSuspected)
  async connectionSuspected(events: EventOf<typeof ConnectionSuspected>[]): Promise<void> {
    await this.suspect.execute(events.map(({ data }) => ({ accountId: data.accountId, by: 'run' })));
  }

  @On(UserDeleted)
  async userDeleted(events: EventOf<typeof UserDeleted>[]): Promise<void> {
    await this.forget.execute(events.map(({ data }) => data.userId));
  }
}
