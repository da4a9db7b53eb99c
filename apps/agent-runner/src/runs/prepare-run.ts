import type { Blocker, NeededApps, Verdict } from '@gatehouse/contracts';
import { inOneTrip, texts } from '@gatehouse/persistence';
import { concerns, type OpenSwitch } from '@gatehouse/switches';
import { EntityManager } from '@mikro-orm/postgresql';
import { Inject, Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { AGENTS, type Agent, type Agents } from '../agent/agents.js';
import { config } from '../config.js';
import { GateClient } from '../gate.client.js';
import type { Claim } from '../queue/claim-run.js';
import { limitReached, NotItsTurn, NotNow, RunFailure } from '../queue/lease.js';
import { Definitions } from '../tools/definitions.js';
import { buildToolset } from '../tools/toolset.js';
import { type Pause, pauseFor } from './pause.js';
import { tokenLimit, tokensUsedUp } from './record-turn.js';
import { Run } from './run.entity.js';
import type { RunInHand } from './run-in-hand.js';
import { isBeaten } from './turns.js';

/** How many earlier runs of its conversation a run is told about. */
const REMEMBERED = 10;

export type Prepared = { hand: Omit<RunInHand, 'signal' | 'inFlight' | 'changed'> } | ({ blockers: Blocker[] } & Partial<Pause>);

/** The gate first, then the tools of this run: nothing is spent before both are there. */
@Injectable()
export class PrepareRun {
  constructor(
    private readonly em: EntityManager,
    @Inject(AGENTS) private readonly agents: Agents,
    private readonly gate: GateClient,
    private readonly definitions: Definitions,
  ) {}

  async execute(run: Claim): Promise<Prepared> {
    const agent = this.agents.agents.get(run.agent);
    if (!agent) throw new RunFailure({ code: 'unknown_agent', message: `There is no agent called "${run.agent}".` });
    if (tokensUsedUp(run.tokens)) throw tokenLimit();
    const needs = needsOf(run, agent);
    const known = await this.checkDay(run, needs);
    if ('pausedBy' in known) return known;
    if (await isBeaten(this.em, { ...run, id: run.runId })) throw new NotItsTurn();
    const verdict = await this.gate.ask(run.userId, needs);
    if (verdict.verdict === 'blocked') return { blockers: blockersOf(verdict, needs) };
    const wanted = this.wantedTools(run, agent, needs).filter((name) => !known.never.includes(name) && agent.policy[name] !== 'never');
    const definitions = await this.definitions.of(wanted);
    const toolset = buildToolset(run, verdict, wanted, { table: this.agents.tools, definitions });
    const missing = verdict.blockers.map(({ message }) => message);
    const { runId, userId, fence, input } = run;
    return { hand: { runId, userId, fence, agent, toolset, input, history: await this.history(run), missing } };
  }

  /** Exact names: what the request names, within what the agent may; only of apps that this run asked the gate for. */
  private wantedTools(run: Claim, agent: Agent, needs: NeededApps): string[] {
    const apps = new Set([...needs.required, ...needs.optional]);
    const offered = agent.tools ?? [...this.agents.tools.keys()];
    return offered.filter((name) => (!run.tools || run.tools.includes(name)) && apps.has(this.agents.tools.get(name)?.app ?? ''));
  }

  /** In one statement: how many runs this user had in a day, whether an operator has stopped what this one needs, and what they never allow. */
  private async checkDay({ userId, createdAt }: Claim, { required }: NeededApps): Promise<Pause | { never: string[] }> {
    const read = sql<{ before: number; stopped: OpenSwitch[]; never: string[] }>`
      with asked as materialized (select ${userId}::text as who, ${texts(required)}::text[] as apps)
      select array(select to_jsonb(s) from switch s where ${sql.raw(concerns({ user: 'asked.who', apps: 'asked.apps' }))}) as stopped,
        array(select tool from tool_setting where user_id = ${userId} and setting = 'never') as never,
        (select count(*)::int from (select from run where user_id = ${userId} and created_at < ${createdAt.toISOString()}::timestamptz
          and created_at >= ${createdAt.toISOString()}::timestamptz - interval '1 day' limit ${config.RUNS_PER_DAY}) as a_day) as before
      from asked`;
    const [found] = await inOneTrip(this.em, read, { readOnly: true });
    const [first, ...more] = found?.stopped ?? [];
    if (first && !required.length) throw new NotNow('agents are paused for now');
    if (first) return pauseFor([first, ...more], required);
    if ((found?.before ?? 0) >= config.RUNS_PER_DAY) throw limitReached(`Not started: ${config.RUNS_PER_DAY} runs a day is the limit.`);
    return { never: found?.never ?? [] };
  }

  /** The last ones that ended well, oldest first, in the order in which they ended. */
  private async history({ userId, conversationId }: Claim): Promise<{ input: string; output: string }[]> {
    if (!conversationId) return [];
    const earlier = await this.em.find(
      Run,
      { userId, conversationId, state: 'completed' },
      { fields: ['input', 'output'], orderBy: { finishedAt: 'desc' }, limit: REMEMBERED },
    );
    return earlier.reverse().map(({ input, output }) => ({ input, output: output ?? '' }));
  }
}

/** The agent's apps and the request's; required by either is required. Which account of an app, only who asks for the run may say. */
function needsOf(run: Claim, agent: Agent): NeededApps {
  const required = [...new Set([...agent.apps.required, ...run.apps.required])];
  const optional = [...new Set([...agent.apps.optional, ...run.apps.optional])].filter((app) => !required.includes(app));
  return { ...run.apps, required, optional };
}

function blockersOf({ blockers }: Verdict, needs: NeededApps): Blocker[] {
  const ofRequired = blockers.filter(({ app }) => needs.required.includes(app));
  const reasons = ofRequired.length ? ofRequired : blockers;
  if (!reasons.length) throw new NotNow('the gate blocked without a reason');
  return reasons;
}
