import type { z } from 'zod';
import { type Answer, judge, parse, type Question } from '../calls/answers.js';
import { budgetsOf } from '../calls/budgets.js';
import { Calls, type Sending, type Turn } from '../calls/calls.js';
import type { ComposioConfig } from '../config.js';
import { fingerprint, type Place } from '../cursors.js';
import { answerOf, type LegacyClient, legacyClient } from './client.js';

/** The SDK with our way of asking: what every part of the legacy driver shares. */
export class LegacyReader {
  readonly calls: Calls;

  private constructor(
    readonly config: ComposioConfig,
    readonly client: LegacyClient,
  ) {
    this.calls = new Calls(budgetsOf(config));
  }

  static async open(config: ComposioConfig): Promise<LegacyReader> {
    return new LegacyReader(config, await legacyClient(config));
  }

  read<T extends z.ZodType>(turn: Turn, missing: Question['missing'], schema: T, work: () => Promise<unknown>): Promise<z.output<T>> {
    const question: Question = { kind: 'read', api: 'v1', missing };
    return this.calls.read(turn, async () => {
      const answer = await this.calls.once(turn, question, (how) => answerOf(how, work));
      judge(answer, question);
      return parse(schema, answer, question);
    });
  }

  /** Neither API of this SDK has it: the same connection to Composio, another path. */
  post(path: string, body: object, how: Sending): Promise<Answer> {
    return answerOf(how, () => this.client.http.post(path, body));
  }
}

/** Pages are numbered. Where Composio does not count them, an empty or a repeated one is the end. */
export function nextPage(at: Place, ids: readonly string[], totalPages: number | null | undefined): Place | null {
  const last = fingerprint(ids);
  if (typeof totalPages === 'number' ? at.page >= totalPages : ids.length === 0) return null;
  if (ids.length > 0 && last === at.last) return null;
  return { page: at.page + 1, seen: at.seen + ids.length, last };
}
