import { z } from 'zod';
import { shortId } from './account.js';

const text = z.string().min(1).optional();

/** A rule: which requests it hits, what happens to them, and how often. */
export const faultRule = z.strictObject({
  match: z.strictObject({ method: text, path: text, owner: text, app: text, account: text, tool: text, key: text }).default({}),
  effect: z.strictObject({
    /** Answer this instead of doing anything. */
    status: z.int().min(200).max(599).optional(),
    body: z.unknown().optional(),
    headers: z.record(z.string(), z.string()).optional(),
    /** Wait before the rest. */
    latencyMs: z.union([z.int().min(0), z.strictObject({ min: z.int().min(0), max: z.int().min(0) })]).optional(),
    /** The connection is cut: nothing was read, or all was done but nobody hears of it. */
    reset: z.enum(['before', 'after']).optional(),
    /** The connection stays open and silent. */
    noAnswer: z.enum(['before', 'after']).optional(),
    /** The answer is cut in half, or is not JSON. */
    garble: z.enum(['truncated', 'html']).optional(),
  }),
  times: z.int().min(1).optional(),
  probability: z.number().min(0).max(1).optional(),
  seed: z.int().optional(),
  /** ISO time on the project's clock after which the rule is over. */
  until: z.iso.datetime({ offset: true }).optional(),
});
export type FaultRule = z.infer<typeof faultRule>;
export interface FaultSubject {
  method: string;
  path: string;
  owner: string | null;
  accountOwner: string | null;
  app: string | null;
  account: string | null;
  tool: string | null;
  key: string;
}
export interface ActiveFault extends FaultRule {
  id: string;
  hits: number;
}

export class Faults {
  private rules: (ActiveFault & { random: () => number })[] = [];

  add(rule: FaultRule): ActiveFault {
    const active = { ...rule, id: shortId('fault'), hits: 0, random: randomFrom(rule.seed ?? 1) };
    this.rules.push(active);
    return active;
  }

  list(): ActiveFault[] {
    return this.rules.map(({ random: _random, ...rule }) => rule);
  }

  clear(): void {
    this.rules = [];
  }

  /** The first rule that hits this request; it is counted as used. */
  hit(subject: FaultSubject, now: number): ActiveFault | undefined {
    const rule = this.rules.find(
      (candidate) =>
        (candidate.times === undefined || candidate.hits < candidate.times) &&
        (candidate.until === undefined || now < Date.parse(candidate.until)) &&
        matches(candidate.match, subject) &&
        (candidate.probability === undefined || candidate.random() < candidate.probability),
    );
    if (rule) rule.hits += 1;
    return rule;
  }
}

function matches({ method, path, owner, ...exact }: FaultRule['match'], subject: FaultSubject): boolean {
  return (
    (!method || method.toUpperCase() === subject.method) &&
    (!path || subject.path.includes(path)) &&
    (!owner || owner === subject.owner || owner === subject.accountOwner) &&
    (['app', 'account', 'tool', 'key'] as const).every((name) => !exact[name] || exact[name] === subject[name])
  );
}

/** Mulberry32: the same seed gives the same run. */
export function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
