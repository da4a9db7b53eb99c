import { consumers, type EventContract, type EventOf } from '@gatehouse/contracts';
import { tail } from '@gatehouse/messaging';
import { CONFIG, log } from '@gatehouse/runtime';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { GatewayConfig } from '../config.js';
import { type LiveEvent, LiveEvents } from './live-events.js';

const AGAIN_MS = 5_000;
/** Ids, states and words; never what a run wrote, and no account. */
const SHOWN =
  `connectionId app alias epoch reconnected status reason detectedBy detectedAt by runId blockers waitsUntil approvalId tool summary
  expiresAt after error notificationId state unread`.split(/\s+/);

/** Feeds the streams: all events of the streamed topics, from now on. Without Kafka the gateway serves everything else. */
@Injectable()
export class GatewayConsumer implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = log('stream');
  private tail: { stop(): Promise<void> } | undefined;
  private retry: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    @Inject(CONFIG) private readonly config: GatewayConfig,
    private readonly live: LiveEvents,
  ) {}

  onApplicationBootstrap(): void {
    void this.start();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.retry);
    await this.tail?.stop();
  }

  private async start(): Promise<void> {
    try {
      this.tail = await tail(this.config, consumers.gateway ?? [], (event) => this.live.add(shown(event)));
      if (this.stopped) await this.tail.stop();
    } catch (err) {
      this.log.warn({ err }, 'no live events: Kafka does not answer');
      if (!this.stopped) this.retry = setTimeout(() => void this.start(), AGAIN_MS).unref();
    }
  }
}

function shown({ id, type, data }: EventOf<EventContract>): LiveEvent {
  const fields = Object.entries(data).filter(([name]) => SHOWN.includes(name));
  return { id, type, userId: String(data.userId), data: Object.fromEntries(fields) };
}
