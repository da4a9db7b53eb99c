import { Transactional } from '@gatehouse/persistence';
import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { type Lease, limitReached, lockRun, RunStopped } from '../queue/lease.js';
import type { RunInHand } from './run-in-hand.js';

/** Tokens of one run at the most. */
const MAX_TOKENS = 200_000;

@Injectable()
export class RecordTurn {
  constructor(private readonly em: EntityManager) {}

  /** The run's record says with what it began, and what an operator lets it do without a person. */
  @Transactional()
  async begin({ agent, toolset, missing, ...lease }: RunInHand): Promise<void> {
    const run = await lockRun(this.em, lease);
    const tools = toolset.all.map(({ name }) => name);
    this.em.persist(
      run.event('run.started', { agent: agent.name, tools, unattended: agent.unattended.filter((name) => tools.includes(name)), missing }),
    );
  }

  /** Before each turn of the model. Throws when the run may not go on: the limit, or somebody asked to stop it. */
  @Transactional()
  async before(lease: Lease): Promise<void> {
    const run = await lockRun(this.em, lease);
    if (run.cancelAskedBy) throw new RunStopped();
    if (run.tokens >= MAX_TOKENS) throw limitReached('Stopped: the limit of tokens for one run was reached.');
  }

  /** After it: what was used and said. */
  @Transactional()
  async after(lease: Lease, { tokens, text, final }: { tokens: number; text: string; final: boolean }): Promise<void> {
    const run = await lockRun(this.em, lease);
    run.tokens += tokens;
    if (text) this.em.persist(run.event('message', { text, final }));
  }
}
