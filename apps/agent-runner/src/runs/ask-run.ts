import { createHash } from 'node:crypto';
import type { RunRequest } from '@gatehouse/contracts';
import { Problem } from '@gatehouse/runtime';
import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { v5, v7 } from 'uuid';
import { AGENTS, type Agents } from '../agent/agents.js';
import { config } from '../config.js';
import { addDecisions } from '../decisions/decisions.js';
import { RequestRuns, type RunWish, requestHash } from './request-runs.js';
import { DAY_MS, Run } from './run.entity.js';

/** Namespace of run ids that come from an Idempotency-Key. */
const BY_KEY = '9f3b6c1e-2d7a-5c84-9b0e-6a1f4d2c8e57';
const MAX_KEY = 255;

@Injectable()
export class AskRun {
  constructor(
    private readonly em: EntityManager,
    @Inject(AGENTS) private readonly agents: Agents,
    private readonly requestRuns: RequestRuns,
  ) {}

  /** A signed-in person asks. The same key is the same run; with another request it is refused. */
  async execute(userId: string, { apps, ...request }: RunRequest, key: string | undefined): Promise<Run> {
    const wish: RunWish = {
      ...request,
      userId,
      runId: runIdOf(userId, key),
      apps: apps ?? { required: [], optional: [] },
      origin: 'person',
    };
    const known = key === undefined ? null : await this.em.findOne(Run, { id: wish.runId, userId });
    if (known) return same(known, wish);
    this.check(wish);
    await this.checkDay(userId);
    await this.requestRuns.execute([wish]);
    const run = await this.em.findOne(Run, { id: wish.runId, userId });
    if (!run) throw new Problem(409, 'user_deleted', 'This user was deleted.');
    return same(run, wish);
  }

  private check({ agent = 'default', apps, tools }: RunWish): void {
    if (!this.agents.agents.has(agent)) throw new Problem(422, 'unknown_agent', `There is no agent called "${agent}".`);
    const known = new Set([...this.agents.tools.values()].map(({ app }) => app));
    const app = [...apps.required, ...apps.optional].find((name) => !known.has(name));
    if (app) throw new Problem(422, 'unknown_app', `There is nothing an agent can do with "${app}".`);
    const tool = tools?.find((name) => !this.agents.tools.has(name));
    if (tool) throw new Problem(422, 'unknown_tool', `There is no tool called "${tool}".`);
  }

  private async checkDay(userId: string): Promise<void> {
    const since = new Date(Date.now() - DAY_MS);
    const today = await this.em.find(Run, { userId, createdAt: { $gte: since } }, { fields: ['id'], limit: config.RUNS_PER_DAY }); // not all of them
    if (today.length < config.RUNS_PER_DAY) return;
    const message = `${config.RUNS_PER_DAY} runs a day is the limit.`;
    await this.em.transactional((em) => addDecisions(em, [{ userId, kind: 'run.refused', data: { code: 'limit_reached', message } }]));
    throw new Problem(429, 'limit_reached', message, { retryAfterSeconds: 3600 });
  }
}

function runIdOf(userId: string, key: string | undefined): string {
  if (key === undefined) return v7();
  if (!key || key.length > MAX_KEY) throw new Problem(400, 'invalid_input', `An Idempotency-Key has 1 to ${MAX_KEY} characters.`);
  return v5(
    createHash('sha256')
      .update(JSON.stringify([userId, key]))
      .digest('hex'),
    BY_KEY,
  );
}

function same(run: Run, wish: RunWish): Run {
  if (run.requestHash === requestHash(wish)) return run;
  throw new Problem(422, 'idempotency_key_reused', 'This Idempotency-Key was used for another request.');
}
