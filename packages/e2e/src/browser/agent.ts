import { randomUUID } from 'node:crypto';
import type { Page } from 'playwright-core';
import type { Person } from '../person.js';
import { connect, expectStatus, type Run } from '../story/stage.js';
import { until } from '../until.js';
import { type BrowserStage, openStage } from './stage.js';

/** A reply of the sandbox's model, as its README has it. */
export type Reply = Record<string, unknown>;

export const slackMessage = (text: string) => ({ name: 'SLACK_SEND_MESSAGE', arguments: { channel: '#general', text } });
export const calls = (...toolCalls: { name: string; arguments: Record<string, unknown> }[]): Reply => ({ toolCalls });

/** A system in which agents can be asked for runs, and what a test needs to make them do what it wants. */
export interface AgentStage extends BrowserStage {
  /** Asks for a run that answers by these replies, or follows the request where there are none. Returns its id. */
  ask(person: Person, input: string, replies?: readonly Reply[], more?: Record<string, unknown>): Promise<string>;
  /** The next call of this tool goes wrong in this way. */
  fault(tool: string, effect: Record<string, unknown>): Promise<void>;
  /** What was done for this person with this text in it. */
  done(person: Person, text: string): Promise<number>;
}

/** With Ana, who has connected Slack and Gmail. */
export async function openAgentStage(): Promise<AgentStage> {
  const stage = await openStage();
  const { ana, upstream, watcher } = stage;
  await upstream.publish({ type: 'user.created', data: { userId: ana.id, email: ana.email } });
  await until('she is known', () => watcher.of('entity.created', ({ key }) => key === ana.id).length > 0);
  for (const app of ['slack', 'gmail']) await connect(stage, ana, '/v1/connections', { app });
  const control = async (path: string, body: unknown) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${stage.stack.urls.sandbox}/_emulator/${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`the sandbox answered ${answer.status} to ${path}: ${(await answer.text()).slice(0, 200)}`);
  };
  return {
    ...stage,
    ask: async (person, input, replies, more = {}) => {
      const mark = replies ? ` (${randomUUID()})` : '';
      if (replies) await control('model/script', { match: mark, replies });
      const request = { input: input + mark, apps: { required: ['slack'] }, ...more };
      return expectStatus(await person.post<Run>('/v1/runs', request), 202, 'asking for a run').id;
    },
    fault: (tool, effect) => control('faults', { match: { tool }, effect, times: 1 }),
    done: async ({ id }, text) => {
      const effects = await stage.provider.effects();
      return effects.filter(({ owner, arguments: args }) => owner.includes(id) && JSON.stringify(args).includes(text)).length;
    },
  };
}

/** The numbers of the events that a run's page shows, in its order. */
export async function shownEvents(page: Page): Promise<number[]> {
  const lines = await page.locator('[data-events]').evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset.events ?? ''));
  return lines.flatMap((numbers) => numbers.split(' ').map(Number));
}

/** The numbers of a run's events, as they are stored. */
export async function storedEvents(person: Person, runId: string): Promise<number[]> {
  const numbers: number[] = [];
  let cursor = '';
  do {
    const path = `/v1/runs/${runId}/timeline?limit=100${cursor && `&cursor=${cursor}`}`;
    const page = expectStatus(await person.get<{ data: { seq: number }[]; nextCursor: string | null }>(path), 200, 'reading the timeline');
    numbers.push(...page.data.map(({ seq }) => seq));
    cursor = page.nextCursor ?? '';
  } while (cursor);
  return numbers;
}
