import { z } from 'zod';
import { instant, pageOf, pageQuery } from './page.api.js';
import type { Route } from './route.js';
import { operatorReason } from './switches.api.js';

const selection = {
  /** The code, the class or the fingerprint of the failure, or a piece of its reason. */
  reason: z.string().min(1).max(200).optional(),
  since: instant.optional(),
};
export const deadLetterQuery = pageQuery.extend(selection);
export type DeadLetterQuery = z.output<typeof deadLetterQuery>;

/** An event that the app could not take, without its content. */
export const deadLetter = z
  .object({
    eventId: z.uuid(),
    topic: z.string(),
    key: z.string().nullable(),
    code: z.string().nullable(),
    class: z.string(),
    reason: z.string(),
    fingerprint: z.string(),
    attempts: z.int(),
    partition: z.int(),
    offset: z.string(),
    diedAt: instant,
    /** So often it was replayed before, and died again. */
    replays: z.int(),
  })
  .meta({ id: 'DeadLetter' });
export type DeadLetterView = z.output<typeof deadLetter>;

export const operatorAct = z
  .object({ at: instant, by: z.string(), action: z.string(), note: z.string().nullable(), result: z.string() })
  .meta({ id: 'OperatorAct' });

/** Where it came from (`source` as it called itself), where it stands now in a sentence, and what operators did to it. */
export const deadLetterStory = z
  .object({
    letter: deadLetter.extend({ recordedAt: instant, source: z.string().nullable() }).nullable(),
    state: z.enum(['dead', 'waiting', 'done', 'dropped', 'gone', 'unknown']),
    says: z.string(),
    acts: z.array(operatorAct),
  })
  .meta({ id: 'DeadLetterStory' });
export type DeadLetterStory = z.output<typeof deadLetterStory>;

export const settleLettersRequest = z
  .strictObject({
    ids: z.array(z.uuid()).min(1).max(1000).optional(),
    ...selection,
    note: operatorReason,
    dryRun: z.boolean().default(false),
  })
  .refine(({ ids, reason, since }) => ids || reason || since, 'Say which letters are meant: ids, reason or since')
  .meta({ id: 'SettleLettersRequest' });
export type SettleLettersRequest = z.output<typeof settleLettersRequest>;

/** What came of each, at most a thousand at a time; `more` also fit and were left. */
export const settledLetters = z
  .object({
    dryRun: z.boolean(),
    results: z.array(z.object({ eventId: z.uuid(), outcome: z.string(), says: z.string() })),
    more: z.int(),
  })
  .meta({ id: 'SettledLetters' });
export type SettledLetters = z.output<typeof settledLetters>;

/** `null` where the source did not answer: nothing is known, which is not zero. Counts of rows end at 10,000. */
export const messagingHealth = z
  .object({
    /** How far behind the app is, as the broker said last; null also in an app that listens to nothing (`consumes` is false). */
    lag: z
      .object({ measuredAt: instant, topics: z.array(z.object({ topic: z.string(), events: z.int(), ageSeconds: z.number() })) })
      .nullable(),
    consumes: z.boolean(),
    rows: z
      .object({
        outbox: z.int(),
        outboxAgeSeconds: z.number(),
        stuck: z.int(),
        parkedKeys: z.int(),
        parkedEvents: z.int(),
        deadLetters: z.int(),
      })
      .nullable(),
  })
  .meta({ id: 'MessagingHealth' });
export type MessagingHealth = z.output<typeof messagingHealth>;

const telling = ['identity', 'connections', 'agent-runner', 'auditor', 'notifier'] as const;
const listening = telling.filter((app) => app !== 'identity');
const params = z.object({ id: z.uuid() });

/** Of each app's own database. */
export const messagingRoutes: readonly Route[] = [
  ...telling.map((app): Route => {
    const summary = 'Lag, outbox, stuck and parked events';
    return { app, method: 'get', path: `/admin/${app}/messaging`, by: 'operator', summary, response: messagingHealth };
  }),
  ...listening.flatMap((app): Route[] => {
    const letters = { app, by: 'operator', path: `/admin/${app}/dead-letters` } as const;
    const settle = { ...letters, method: 'post', status: 200, body: settleLettersRequest, response: settledLetters } as const;
    return [
      { ...letters, method: 'get', summary: 'Dead letters, newest first', query: deadLetterQuery, response: pageOf(deadLetter) },
      {
        ...letters,
        method: 'get',
        path: `${letters.path}/{id}`,
        summary: 'One dead letter, without its content',
        params,
        response: deadLetterStory,
      },
      { ...settle, path: `${letters.path}/replay`, summary: 'Give dead letters another chance in this app, with every check' },
      { ...settle, path: `${letters.path}/drop`, summary: 'Remove dead letters for good' },
    ];
  }),
];
