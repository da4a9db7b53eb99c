import { consumers, type EventContract, type EventOf } from '@gatehouse/contracts';
import { tail } from '@gatehouse/messaging';
import { CONFIG, log } from '@gatehouse/runtime';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { GatewayConfig } from '../config.js';
import { type LiveEvent, LiveEvents } from './live-events.js';

/** Ids, states and words; never what a run wrote, and no account. */
const SHOWN =
  `connectionId app alias epoch reconnected status reason detectedBy detectedAt by runId blockers waitsUntil approvalId tool summary
  expiresAt after error notificationId state unread`.split(/\s+/);

/** Feeds the streams: all events of the streamed topics, from now on. Without Kafka the gateway serves everything else. */
@Injectable()
export class GatewayConsumer implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = log('stream');
  private readonly stopping = new AbortController();
  private tail: ReturnType<typeof tail> | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: GatewayConfig,
    private readonly live: LiveEvents,
  ) {}

  /** Not waited for: it tries until Kafka answers. */
  onApplicationBootstrap(): void {
    const show = (event: EventOf<EventContract>) => this.live.add(shown(event));
    this.tail = tail(this.config, consumers.gateway ?? [], show, { signal: this.stopping.signal });
    this.tail.then(
      () => this.stopping.signal.aborted || this.log.info('streams are live'),
      (err: unknown) => this.log.error({ err }, 'no live events'),
    );
  }

  /** Waits until nothing of it runs any more. */
  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    const listening = await this.tail?.catch(() => undefined);
    await listening?.stop();
  }
}

function shown({ id, type, data }: EventOf<EventContract>): LiveEvent {
  const fields = Object.entries(data).filter(([name]) => SHOWN.includes(name));
  return { id, type, userId: String(data.userId), data: Object.fromEntries(fields) };
}
