import type { z } from 'zod';
import { type Answer, judge, parse, type Question } from '../calls/answers.js';
import { budgetsOf } from '../calls/budgets.js';
import { Calls, type Sending, type Turn } from '../calls/calls.js';
import type { ComposioConfig } from '../config.js';
import type { ListAnswer } from '../cursors.js';
import { type CoreClient, coreClient } from './client.js';

/** What a page of v3.1 says about the list that it belongs to. */
export function listed<T>(
  answer: { items: readonly T[]; next_cursor?: string | null | undefined; total_items?: number | null | undefined },
  idOf: (row: T) => string,
): ListAnswer {
  return { ids: answer.items.map(idOf), nextCursor: answer.next_cursor ?? null, totalItems: answer.total_items ?? null };
}

/** The raw client with our way of asking: what every part of the core driver shares. */
export class CoreReader {
  readonly client: CoreClient;
  readonly calls: Calls;

  constructor(readonly config: ComposioConfig) {
    this.client = coreClient(config);
    this.calls = new Calls(budgetsOf(config));
  }

  /** A read that is judged and parsed; repeated where that may help. */
  read<T extends z.ZodType>(
    turn: Turn,
    missing: Question['missing'],
    schema: T,
    send: (how: Sending) => Promise<Answer>,
  ): Promise<z.output<T>> {
    const question: Question = { kind: 'read', api: 'v3', missing };
    return this.calls.read(turn, async () => {
      const answer = await this.calls.once(turn, question, send);
      judge(answer, question);
      return parse(schema, answer, question);
    });
  }
}
