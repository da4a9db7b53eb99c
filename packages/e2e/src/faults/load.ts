import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, logLevel, Partitioners, type Producer } from 'kafkajs';
import { type Fact, type History, settle } from './history.js';
import type { Random } from './random.js';
import { POISONS, poison, type Said, type Script, someScript } from './shapes.js';

const TICK_MS = 100;
/** One a topic in so many ticks: a consumer takes more than 50 bad events a minute for a bug of its own and pauses. */
const POISON_TICKS = 40;
const HEAVY = 100_000;

export interface Doors {
  readonly brokers: string;
  /** All gateways, taken in turn as a load balancer would. */
  readonly gateways: readonly string[];
  readonly productKey: string;
}

/** The product's own services under load: a plain Kafka client and a plain HTTP client, which write down what was answered and nothing else. */
export class Load {
  private readonly live = new Set<Script>();
  private producer: Producer | undefined;
  private opening = true;
  private stopping = false;
  private readonly loops: Promise<void>[] = [];

  constructor(
    private readonly doors: Doors,
    private readonly history: History,
    private readonly random: Random,
    private readonly usersPerTick = 4,
  ) {}

  start(): void {
    this.loops.push(this.publishing(), this.signing(this.random.fork()));
  }

  /** Begins nothing new, finishes what it began if that takes less than `limitMs`, and stops. */
  async stop(limitMs: number): Promise<void> {
    this.opening = false;
    const deadline = Date.now() + limitMs;
    while (this.live.size > 0 && Date.now() < deadline) await sleep(TICK_MS);
    this.stopping = true;
    await Promise.all(this.loops);
    await this.producer?.disconnect().catch(() => undefined);
  }

  private async publishing(): Promise<void> {
    const kinds = this.random.deck(POISONS);
    let answered = true;
    for (let tick = 0; !this.stopping; tick++) {
      if (this.opening) {
        for (let i = 0; i < this.usersPerTick; i++) this.live.add(someScript(this.history, this.random));
        if (tick % POISON_TICKS === 0 && answered) this.live.add(poison(this.history, kinds.next().value));
      }
      const all = [...this.live];
      answered = await this.step(all.filter((script) => !isHeavy(script)));
      for (const script of all.filter(isHeavy)) await this.step([script]);
      await sleep(TICK_MS);
    }
  }

  private async step(scripts: readonly Script[]): Promise<boolean> {
    const answered = await this.send(scripts.flatMap(({ steps }) => steps[0]?.records ?? []));
    for (const script of scripts) this.advance(script, answered);
    return answered;
  }

  private advance(script: Script, answered: boolean): void {
    const [step] = script.steps;
    if (step) settle(step.facts, answered ? 'acknowledged' : 'unknown');
    if (answered) script.steps.shift();
    if (script.steps.length === 0 || !(answered || script.persistent)) this.live.delete(script);
  }

  /** False when nobody answered: all, some or none of it may have arrived. */
  private async send(records: readonly Said[]): Promise<boolean> {
    if (records.length === 0) return true;
    const topics = [...new Set(records.map(({ topic }) => topic))];
    const topicMessages = topics.map((topic) => ({ topic, messages: records.filter((record) => record.topic === topic) }));
    try {
      this.producer ??= await connect(this.doors.brokers);
      await this.producer.sendBatch({ acks: -1, timeout: 5_000, topicMessages });
      return true;
    } catch {
      void this.producer?.disconnect().catch(() => undefined);
      this.producer = undefined;
      return false;
    }
  }

  /** Makes users over HTTP, a few a second. Whoever gets no answer asks again with the same id. */
  private async signing(random: Random): Promise<void> {
    let turn = 0;
    const again: Fact[] = [];
    while (!this.stopping && (this.opening || again.length > 0)) {
      const fact = again.shift() ?? this.someUser();
      const gateway = this.doors.gateways[turn++ % this.doors.gateways.length] ?? '';
      const answered = await this.sign(gateway, fact);
      settle([fact], answered ? 'acknowledged' : 'unknown');
      if (!answered) again.push(fact);
      await sleep(random.between(100, 400));
    }
  }

  private someUser(): Fact {
    const user = `signed-${randomUUID()}`;
    const fact: Fact = { topic: 'POST /v1/users', id: user, about: `${user}@example.com`, outcome: 'open', at: 0 };
    this.history.open(user, 'signed').facts.push(fact);
    return fact;
  }

  private async sign(gateway: string, { id, about }: Fact): Promise<boolean> {
    try {
      const { status } = await fetch(`${gateway}/v1/users`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${this.doors.productKey}` },
        body: JSON.stringify({ userId: id, email: about }),
        signal: AbortSignal.timeout(5_000),
      });
      return status === 200 || status === 201;
    } catch {
      return false;
    }
  }
}

/** Travels alone: the broker's limit is that of all records for one partition, and one refusal fails the whole request. */
const isHeavy = ({ steps }: Script): boolean => (steps[0]?.records ?? []).some(({ value }) => value.length > HEAVY);

async function connect(brokers: string): Promise<Producer> {
  const retry = { retries: 2, initialRetryTime: 100, maxRetryTime: 1_000 };
  const kafka = new Kafka({ clientId: 'campaign', brokers: brokers.split(','), logLevel: logLevel.NOTHING, requestTimeout: 6_000, retry });
  const producer = kafka.producer({ allowAutoTopicCreation: false, createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  return producer;
}
