import { inOneTrip } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { type Lease, limitReached, lost, RunStopped } from '../queue/lease.js';
import type { RunInHand } from './run-in-hand.js';

/** Tokens of one run at the most. */
const MAX_TOKENS = 200_000;

export const tokensUsedUp = (tokens: number): boolean => tokens >= MAX_TOKENS;
export const tokenLimit = () => limitReached(`Stopped after ${MAX_TOKENS.toLocaleString('en')} tokens, the limit for one run.`);

export interface Turn {
  turn: number;
  tokens: number;
  /** The endpoint did not count them. */
  estimated: boolean;
  text: string;
  final: boolean;
}

@Injectable()
export class RecordTurn {
  constructor(private readonly em: EntityManager) {}

  /** The run's record says with what it began, and what an operator lets it do without a person. */
  async begin({ agent, toolset, missing, ...lease }: RunInHand): Promise<void> {
    const tools = toolset.all.map(({ name }) => name);
    const unattended = agent.unattended.filter((name) => tools.includes(name));
    await this.write(lease, { type: 'run.started', data: { agent: agent.name, tools, unattended, missing } });
  }

  /** After a turn of the model: what was used and said (a turn may only call tools). Why the run may not go on after it, if so. */
  async after(lease: Lease, { text, final, turn, tokens, estimated }: Turn): Promise<Error | undefined> {
    const used = { turn, tokens, ...(estimated ? { estimated } : {}) };
    const run = await this.write(
      lease,
      text ? { type: 'message', data: { text, final, ...used }, tokens } : { type: 'turn', data: used, tokens },
    );
    if (run.stop) return new RunStopped();
    return tokensUsedUp(run.tokens) ? tokenLimit() : undefined;
  }

  /** The fence, the count and the row, in one statement. */
  private async write(lease: Lease, { type, data, tokens = 0 }: { type: string; data: object; tokens?: number }) {
    const { runId, userId, fence } = lease;
    const written = sql<{ tokens: number; stop: boolean }>`
      with held as (
        update run set tokens = tokens + ${tokens}, last_event = last_event + 1
        where id = ${runId} and user_id = ${userId} and fence = ${fence} and state = 'running'
        returning id, user_id, last_event, tokens, cancel_asked_by
      ), told as (
        insert into run_event (run_id, seq, user_id, type, data, at)
        select id, last_event, user_id, ${type}, ${JSON.stringify(data)}::jsonb, now() from held
      )
      select tokens, cancel_asked_by is not null as stop from held`;
    const [run] = await inOneTrip(this.em, written, { unhurried: true });
    if (!run) throw lost(lease);
    return run;
  }
}
