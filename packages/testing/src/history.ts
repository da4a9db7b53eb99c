import { randomUUID } from 'node:crypto';
import type { EventContract, EventData } from '@gatehouse/contracts';
import * as events from '@gatehouse/contracts';
import type { z } from 'zod';
import type { Fact } from './regrouped.js';

const CONNECTION_STEPS = ['break', 'reconnect', 'replace', 'remove', 'suspect'] as const;
const RUN_STEPS = ['request', 'block', 'approve', 'resume', 'end'] as const;
export const stepKinds = ['create', 'delete', ...CONNECTION_STEPS, ...RUN_STEPS] as const;
type ConnectionStep = (typeof CONNECTION_STEPS)[number];
type RunStep = (typeof RUN_STEPS)[number];

/** Something that may happen to one of three users, to one of their two connections or of their two runs; nothing, where it makes no sense. */
export interface Step {
  readonly kind: (typeof stepKinds)[number];
  readonly user: number;
  readonly nth: 0 | 1;
}

interface Link {
  readonly connectionId: string;
  readonly userId: string;
  readonly app: string;
  accountId: string;
  epoch: number;
  state: 'active' | 'broken' | 'removed';
}

interface Work {
  readonly runId: string;
  readonly userId: string;
  state: 'new' | 'going' | 'waiting' | 'over';
}

const PEOPLE = [0, 1, 2];
const APPS = ['slack', 'gmail'];
const SECOND_MS = 1000;
const DAY_MS = 86_400_000;

/**
 * What users' steps would have our apps say, in order, a second apart. The ids are new each time, all else depends on the steps alone, so
 * two histories of the same steps can be delivered in two ways and the outcomes compared through `named`.
 */
export class History {
  readonly facts: Fact[] = [];
  /** Ids, and what they are called in both histories. */
  readonly names = new Map<string, string>();
  readonly users = PEOPLE.map((n) => this.id(`user ${n}`, 'usr_'));
  /** Each user's two connections as they were at the beginning: active. */
  readonly connections: readonly Pick<Link, 'connectionId' | 'userId' | 'app' | 'accountId'>[];
  private readonly begin = Date.now() - 3_600_000;
  private readonly links: Link[];
  private readonly runs: Work[];
  private readonly deleted = new Set<string>();

  constructor(steps: readonly Step[]) {
    this.links = this.users.flatMap((userId) => APPS.map((app) => this.link(userId, app)));
    this.connections = this.links.map(({ connectionId, userId, app, accountId }) => ({ connectionId, userId, app, accountId }));
    this.runs = this.users.flatMap((userId) => APPS.map(() => ({ runId: this.id('run'), userId, state: 'new' as const })));
    for (const link of this.links) this.activated(link, false);
    for (const step of steps) this.take(step);
  }

  /** The value with names in place of ids. */
  named(value: unknown): unknown {
    let text = JSON.stringify(value) ?? 'null';
    for (const [made, name] of this.names) text = text.replaceAll(made, name);
    return JSON.parse(text);
  }

  private take({ kind, user, nth }: Step): void {
    const userId = this.users[user];
    const link = this.links[user * APPS.length + nth];
    const run = this.runs[user * APPS.length + nth];
    if (!userId || !link || !run || this.deleted.has(userId)) return;
    if (kind === 'create') this.say(events.UserCreated, { userId, email: `person${this.facts.length}@example.com` });
    else if (kind === 'delete') {
      this.deleted.add(userId);
      this.say(events.UserDeleted, { userId });
    } else if (isRunStep(kind)) this.moveRun(run, kind);
    else if (link.state !== 'removed') this.moveConnection(link, kind);
  }

  private moveConnection(link: Link, kind: ConnectionStep): void {
    const { connectionId, userId, app, accountId } = link;
    if (kind === 'break' && link.state === 'active') {
      Object.assign(link, { state: 'broken', epoch: link.epoch + 1 });
      const found = { status: 'EXPIRED' as const, reason: 'refused', detectedBy: 'sweep' as const, detectedAt: this.now.toISOString() };
      this.say(events.ConnectionExpired, { connectionId, userId, app, accountId, epoch: link.epoch, ...found });
    } else if (kind === 'remove') {
      link.state = 'removed';
      this.say(events.ConnectionRemoved, { connectionId, userId, app, accountId, by: 'user' });
    } else if (kind === 'suspect') {
      this.say(events.ConnectionSuspected, { connectionId, userId, accountId, epoch: link.epoch, evidence: 'refused' });
    } else if (kind !== 'break') {
      if (kind === 'replace') link.accountId = this.id('account', 'ca_');
      this.activated(link, true);
    }
  }

  private moveRun(run: Work, kind: RunStep): void {
    const { runId, userId } = run;
    const later = new Date(this.begin + DAY_MS).toISOString();
    if (kind === 'request') {
      if (run.state === 'new') run.state = 'going';
      this.say(events.AgentRunRequested, { runId, userId, input: 'hello', apps: { required: [], optional: [] }, origin: 'service' });
    } else if (kind === 'end' && (run.state === 'going' || run.state === 'waiting')) {
      run.state = 'over';
      this.say(events.AgentRunCompleted, { runId, userId, usage: { toolCalls: 0, tokens: 0 } });
    } else if (kind === 'resume' && run.state === 'waiting') {
      run.state = 'going';
      this.say(events.AgentRunResumed, { runId, userId, after: 'connection' });
    } else if (kind === 'block' && run.state === 'going') {
      run.state = 'waiting';
      // An app that none of the connections is for: a message about that one's break would stand for this.
      const connectUrl = 'http://localhost:3000/settings/integrations/notion';
      const blockers = [{ app: 'notion', state: 'not_connected' as const, message: 'Please connect your Notion account.', connectUrl }];
      this.say(events.AgentRunBlocked, { runId, userId, blockers, waitsUntil: later });
    } else if (kind === 'approve' && run.state === 'going') {
      run.state = 'waiting';
      const asked = { approvalId: randomUUID(), tool: 'SLACK_SEND_MESSAGE', app: 'slack', summary: 'Send a message', expiresAt: later };
      this.say(events.AgentRunApprovalRequested, { runId, userId, ...asked });
    }
  }

  private link(userId: string, app: string): Link {
    return { connectionId: this.id(app), userId, app, accountId: this.id('account', 'ca_'), epoch: 0, state: 'active' };
  }

  private activated(link: Link, reconnected: boolean): void {
    const { connectionId, userId, app, accountId, epoch } = link;
    link.state = 'active';
    this.say(events.ConnectionActivated, { connectionId, userId, app, accountId, epoch, reconnected });
  }

  private say<T extends EventData>(contract: EventContract<T>, data: z.input<T>): void {
    this.facts.push({ contract: contract as unknown as EventContract, data: data as Fact['data'], at: this.now });
  }

  private get now(): Date {
    return new Date(this.begin + this.facts.length * SECOND_MS);
  }

  private id(name: string, prefix = ''): string {
    const made = `${prefix}${randomUUID()}`;
    this.names.set(made, `${name} #${this.names.size}`);
    return made;
  }
}

const isRunStep = (kind: Step['kind']): kind is RunStep => (RUN_STEPS as readonly string[]).includes(kind);
