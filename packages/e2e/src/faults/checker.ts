import { type Case, type Fact, type History, isAcknowledged } from './history.js';
import { checkErrands, checkIncidents, type Outside } from './outside.js';
import type { State } from './state.js';
import type { Stored } from './topics.js';

export interface Verdict {
  lost: string[];
  doubled: string[];
  outOfOrder: string[];
  goodDeadLettered: string[];
}

interface Facts {
  readonly state: State;
  /** Distinct ids of `entity.created`, by user. */
  readonly told: ReadonlyMap<string, ReadonlySet<string>>;
  readonly changes: ReadonlyMap<string, readonly Stored[]>;
  readonly asked: ReadonlySet<string>;
  readonly letters: ReadonlyMap<string, readonly Stored[]>;
  readonly verdict: Verdict;
}

/** Compares what the clients know with what tables and topics say. Nothing that was acknowledged may be missing; nothing may be there twice. */
export function check({ cases }: History, state: State, outside: Outside): Verdict {
  const verdict: Verdict = { lost: [], doubled: [], outOfOrder: [], goodDeadLettered: [] };
  const of = (topic: string) => Map.groupBy(state.topics.get(topic) ?? [], ({ key }) => key);
  const facts: Facts = {
    state,
    told: new Map([...of('entity.created')].map(([user, records]) => [user, new Set(records.map(({ headers }) => headers.ce_id ?? ''))])),
    changes: of('notification.changed'),
    asked: new Set((state.topics.get('agent.run.blocked') ?? []).map(({ body }) => runOf(body))),
    letters: Map.groupBy(state.letters, ({ key }) => key),
    verdict,
  };
  for (const one of cases) checks[one.shape](one, facts);
  for (const { key, headers, topic } of state.letters) {
    if (!key.startsWith('poison-')) verdict.goodDeadLettered.push(`${topic}: ${headers.dl_topic} of ${key} (${headers.dl_reason})`);
  }
  for (const { lost, doubled } of [checkErrands(outside, state), checkIncidents(outside, state)]) {
    verdict.lost.push(...lost);
    verdict.doubled.push(...doubled);
  }
  return verdict;
}

const checks: Record<Case['shape'], (one: Case, facts: Facts) => void> = {
  created: (one, facts) => {
    entity(one, facts);
    contact(one, facts);
  },
  renamed: (one, facts) => {
    entity(one, facts);
    contact(one, facts);
  },
  signed: (one, facts) => {
    entity(one, facts);
    contact(one, facts);
  },
  deleted,
  blocked,
  run: (one, facts) => {
    entity(one, facts);
    run(one, facts);
  },
  poison,
};

/** One row, and one event with one id, for whoever was told of. */
function entity({ user, facts }: Case, { state, told, verdict }: Facts): void {
  const ids = told.get(user)?.size ?? 0;
  if (ids > 1) verdict.doubled.push(`${user}: ${ids} different entity.created`);
  if (!facts.some((fact) => fact.topic !== 'agent.run.requested' && isAcknowledged(fact))) return;
  if (!state.entities.has(user)) verdict.lost.push(`${user}: no row`);
  else if (ids === 0) verdict.lost.push(`${user}: no entity.created`);
}

/** The notifier holds the address of the newest version, although a copy of the first one came after it. */
function contact({ user, facts }: Case, { state, verdict }: Facts): void {
  const newest = facts.at(-1);
  if (!newest || !facts.every(isAcknowledged)) return;
  const email = state.contacts.get(user);
  if (email === undefined) verdict.lost.push(`${user}: no contact`);
  else if (email !== newest.about) verdict.outOfOrder.push(`${user}: ${email} came after ${newest.about}`);
}

/** A deleted user is deleted, whichever topic was read first. */
function deleted({ user, facts }: Case, { state, told, verdict }: Facts): void {
  if ((told.get(user)?.size ?? 0) > 1) verdict.doubled.push(`${user}: several entity.created`);
  if (!facts.every(isAcknowledged)) return;
  const row = state.entities.get(user);
  if (!row?.deleted) verdict.lost.push(`${user}: ${row ? 'lives on' : 'no row'} after user.deleted`);
  if (state.contacts.has(user)) verdict.lost.push(`${user}: a contact after user.deleted`);
}

/** One message a blocked run, told of once, in the order of the runs. */
function blocked({ user, facts }: Case, { state, changes, verdict }: Facts): void {
  const posted = firstCopies(changes.get(user) ?? []);
  const order: string[] = [];
  for (const fact of facts) {
    const rows = state.notifications.get(fact.about) ?? [];
    if (rows.length > 1) verdict.doubled.push(`${user}: ${rows.length} messages about one run`);
    const [row] = rows;
    if (!row) {
      if (isAcknowledged(fact)) verdict.lost.push(`${user}: no message about a run`);
      continue;
    }
    const told = posted.filter(({ body }) => body.includes(row.id));
    if (told.length === 0) verdict.lost.push(`${user}: a message nobody was told of`);
    if (told.length > 1) verdict.doubled.push(`${user}: ${told.length} different notification.changed`);
    order.push(row.id);
  }
  const seen = posted.map(({ body }) => order.findIndex((id) => body.includes(id)));
  if (seen.some((place, i) => i > 0 && place < (seen[i - 1] ?? 0)))
    verdict.outOfOrder.push(`${user}: notification.changed ${seen.join(', ')}`);
}

/** A row for the run, and its owner was told that it waits. */
function run({ user, facts }: Case, { state, asked, verdict }: Facts): void {
  for (const fact of facts.filter(({ topic }) => topic === 'agent.run.requested').filter(isAcknowledged)) {
    if (!state.runs.has(fact.about)) verdict.lost.push(`${user}: no run`);
    else if (!asked.has(fact.about)) verdict.lost.push(`${user}: a run that never got to its gate`);
    if ((state.notifications.get(fact.about)?.length ?? 0) > 1) verdict.doubled.push(`${user}: several messages about one run`);
  }
}

/** A bad event is one dead letter of each service that reads its topic. */
function poison({ user, facts }: Case, { letters, verdict }: Facts): void {
  const found = letters.get(user) ?? [];
  const [fact] = facts as [Fact];
  for (const service of ['connections', 'notifier']) {
    const mine = found.filter(({ topic }) => topic === `${service}.dead-letters`);
    if (mine.length === 0 && isAcknowledged(fact)) verdict.lost.push(`${user} (${fact.about}): no dead letter of ${service}`);
    // Sent again by a client without an answer, it may be two records; a letter of each record is written once.
    for (const copies of Map.groupBy(mine, ({ headers }) => `${headers.dl_partition}/${headers.dl_offset}`).values()) {
      const times = new Set(copies.map(({ headers }) => headers.dl_time));
      if (times.size > 1) verdict.doubled.push(`${user}: ${times.size} dead letters of ${service} for one record`);
    }
  }
}

/** A relay that dies between sending and deleting sends again: copies, recognised by their id. */
function firstCopies(records: readonly Stored[]): Stored[] {
  return [...new Map(records.toReversed().map((record) => [record.headers.ce_id, record])).values()].toReversed();
}

function runOf(body: string): string {
  return (JSON.parse(body) as { runId: string }).runId;
}
