import { ConnectionExpired, type EventOf, UserCreated, UserDeleted } from '@gatehouse/contracts';
import { On } from '@gatehouse/messaging';
import { Controller } from '@nestjs/common';
import { BreakConnections } from './connections/break-connections.js';
import { EnsureEntities } from './users/ensure-entities.js';
import { ForgetUsers } from './users/forget-users.js';

@Controller()
export class ConnectionsConsumer {
  constructor(
    private readonly ensureEntities: EnsureEntities,
    private readonly forgetUsers: ForgetUsers,
    private readonly breakConnections: BreakConnections,
  ) {}

  @On(UserCreated)
  async userCreated(events: EventOf<typeof UserCreated>[]): Promise<void> {
    await this.ensureEntities.execute(events.map(({ data }) => data.userId));
  }

  @On(UserDeleted)
  async userDeleted(events: EventOf<typeof UserDeleted>[]): Promise<void> {
    await this.forgetUsers.execute(events.map(({ data }) => data.userId));
  }

  @On(ConnectionExpired)
  async connectionExpired(events: EventOf<typeof ConnectionExpired>[]): Promise<void> {
    await this.breakConnections.execute(events.map(({ data }) => data));
  }
}
