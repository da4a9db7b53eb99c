import { randomUUID } from 'node:crypto';
import type { IHeaders } from 'kafkajs';
import type { Case, Fact, History, Shape } from './history.js';
import type { Random } from './random.js';

export interface Said {
  readonly topic: string;
  readonly key: string;
  readonly value: Buffer | string;
  readonly headers: IHeaders;
}
/** What is sent at one go; the next step of a case waits until this one was acknowledged. */
interface Step {
  readonly facts: readonly Fact[];
  readonly records: readonly Said[];
}
export interface Script {
  readonly subject: Case;
  readonly steps: Step[];
  /** Whether the client asks again when nobody answered. */
  readonly persistent: boolean;
}

/** Out of twenty users. */
const SHARES: Partial<Record<Shape, number>> = { created: 11, renamed: 3, blocked: 3, deleted: 2, run: 1 };
const SHAPES = Object.entries(SHARES).flatMap(([shape, share]) => Array.from({ length: share }, () => shape as Shape));

/** A new user and all that will be said about them. A fifth of the steps travels three times, as a producer that lost its answer does. */
export function someScript(history: History, random: Random): Script {
  const shape = random.pick(SHAPES);
  const user = `${shape}-${randomUUID()}`;
  const subject = history.open(user, shape);
  const say = (topic: string, about: string, data: object): Step => {
    const fact: Fact = { topic, id: randomUUID(), about, outcome: 'open', at: 0 };
    subject.facts.push(fact);
    const record = said(user, fact, data);
    return { facts: [fact], records: random.chance(0.2) ? [record, record, record] : [record] };
  };
  const steps = stepsOf[shape]?.(user, say, random) ?? [];
  return { subject, steps, persistent: shape !== 'created' || random.chance(0.5) };
}

type Say = (topic: string, about: string, data: object) => Step;

const created = (user: string, say: Say, version = 1): Step => {
  const email = `v${version}@example.com`;
  return say('user.created', email, { userId: user, email });
};

const stepsOf: Partial<Record<Shape, (user: string, say: Say, random: Random) => Step[]>> = {
  created: (user, say) => [created(user, say)],
  // Three versions in order, then a copy of the first that was long on its way: the third must win.
  renamed: (user, say) => {
    const versions = [1, 2, 3].map((version) => created(user, say, version));
    return [...versions, versions[0] as Step];
  },
  // Two topics, so either may be handled first.
  deleted: (user, say, random) => {
    const both = [created(user, say), say('user.deleted', user, { userId: user })];
    return random.chance(0.5) ? both : both.reverse();
  },
  blocked: (user, say) => [1, 2, 3].map(() => blocked(user, say)),
  // The run is asked for before its user was told of.
  run: (user, say) => {
    const runId = randomUUID();
    const wish = { runId, userId: user, input: 'post hello to #general', apps: { required: ['slack'], optional: [] }, origin: 'service' };
    return [say('agent.run.requested', runId, wish), created(user, say)];
  },
};

/** What agent-runner says of a run that waits; the notifier posts a message for each, in their order. */
function blocked(user: string, say: Say): Step {
  const runId = randomUUID();
  const blocker = { app: 'slack', state: 'not_connected', message: 'Please connect Slack.', connectUrl: 'http://localhost/connect' };
  return say('agent.run.blocked', runId, {
    runId,
    userId: user,
    blockers: [blocker],
    waitsUntil: new Date(Date.now() + 8.64e7).toISOString(),
  });
}

/** A bad event of each kind in turn, never sent again: copies of those would be a flood, at which consumers pause. It has no business with its neighbours, and belongs to the dead letters of all who read the topic. */
export function poison(history: History, kind: (typeof POISONS)[number]): Script {
  const user = `poison-${randomUUID()}`;
  const subject = history.open(user, 'poison');
  const fact: Fact = { topic: 'user.created', id: randomUUID(), about: kind, outcome: 'open', at: 0 };
  subject.facts.push(fact);
  const good = said(user, fact, { userId: user, email: 'somebody@example.com' });
  return { subject, steps: [{ facts: [fact], records: [spoiled[kind](good)] }], persistent: false };
}

export const POISONS = [
  'no JSON',
  'no text',
  'a megabyte that is no text',
  'another schema',
  'no id',
  'another subject',
  'another type',
  'out of time',
] as const;

const without = (headers: IHeaders, name: string): IHeaders => Object.fromEntries(Object.entries(headers).filter(([one]) => one !== name));
const spoiled: Record<(typeof POISONS)[number], (good: Said) => Said> = {
  'no JSON': (good) => ({ ...good, value: '{"userId": ' }),
  'no text': (good) => ({ ...good, value: Buffer.from([0xff, 0xfe, 0x00, 0x80]) }),
  // As much as the topic takes, with its headers.
  'a megabyte that is no text': (good) => ({ ...good, value: Buffer.alloc(1_048_576 - 2_048, 0xff) }),
  'another schema': (good) => ({ ...good, value: JSON.stringify({ userId: good.key, email: 'nowhere' }) }),
  'no id': (good) => ({ ...good, headers: without(good.headers, 'ce_id') }),
  'another subject': (good) => ({ ...good, headers: { ...good.headers, ce_subject: 'somebody-else' } }),
  'another type': (good) => ({ ...good, headers: { ...good.headers, ce_type: 'user.invented' } }),
  'out of time': (good) => ({ ...good, headers: { ...good.headers, ce_time: '2001-01-01T00:00:00Z' } }),
};

function said(user: string, { topic, id }: Fact, data: object): Said {
  const headers = {
    ce_specversion: '1.0',
    ce_id: id,
    ce_type: topic,
    ce_source: '/product/campaign',
    ce_subject: user,
    ce_time: new Date().toISOString(),
    'content-type': 'application/json',
  };
  return { topic, key: user, value: JSON.stringify(data), headers };
}
