import { randomUUID } from 'node:crypto';
import type { PinnedAccount } from '@gatehouse/contracts';
import { eventually, sandboxControl, startApp, type TestApp } from '@gatehouse/testing';
import type { ForgettingWorker } from '../src/forgetting/forgetting.worker.js';
import type { QueueWorker } from '../src/queue/queue.worker.js';
import type { RunsWorker } from '../src/queue/runs.worker.js';
import { Gate } from './gate.js';

export interface Effect {
  owner: string;
  account: string;
  app: string;
  tool: string;
  arguments: Record<string, unknown>;
  callId: string;
}

/** The app with its workers at a standstill: a test moves them. Connections is a gate that the test opens and closes. */
export interface Story extends TestApp {
  gate: Gate;
  runs: RunsWorker;
  queue: QueueWorker;
  forgetting: ForgettingWorker;
  /** Runs what is due until nothing is in hand. */
  work(): Promise<void>;
  /** The same, through short delays, until the run is over. */
  untilDone(userId: string, runId: string): Promise<void>;
}

export async function startStory(): Promise<Story> {
  const gate = new Gate();
  process.env.CONNECTIONS_URL = await gate.start();
  // After that line: the app reads its environment when it is loaded.
  const [{ AppModule }, { RunsWorker }, { QueueWorker }, { ForgettingWorker }] = await Promise.all([
    import('../src/app.module.js'),
    import('../src/queue/runs.worker.js'),
    import('../src/queue/queue.worker.js'),
    import('../src/forgetting/forgetting.worker.js'),
  ]);
  const test = await startApp(AppModule);
  const runs = test.app.get(RunsWorker);
  const queue = test.app.get(QueueWorker);
  const forgetting = test.app.get(ForgettingWorker);
  const work = async () => {
    while (await runs.tick()) await runs.idle();
  };
  const untilDone = (userId: string, runId: string) =>
    eventually(async () => {
      await queue.tick();
      await work();
      const { state } = (await test.as(userId).get(`/v1/runs/${runId}`)).body;
      if (!['completed', 'failed', 'cancelled'].includes(state)) throw new Error(`the run is ${state}`);
    });
  const close = async () => {
    await test.close();
    await gate.stop();
  };
  return { ...test, gate, runs, queue, forgetting, work, untilDone, close };
}

/** An account of that user at the sandbox, as the gate would pin it. */
export async function anAccount(owner: string, app: string): Promise<PinnedAccount> {
  await sandboxControl.post('seed', { accounts: [{ owner, app, status: 'ACTIVE' }] });
  const { items } = await sandboxControl.get<{ items: { id: string }[] }>(`accounts?owner=${owner}&app=${app}`);
  const accountId = items.at(-1)?.id ?? '';
  return { app, connectionId: randomUUID(), accountId, owner, alias: null, epoch: 0 };
}

/** What really happened at the provider for this user. */
export const effectsOf = async (owner: string): Promise<Effect[]> =>
  (await sandboxControl.get<{ items: Effect[] }>(`effects?owner=${owner}`)).items;

/** What the model says next in runs whose request contains `match`. */
export const scripted = (match: string, ...replies: object[]): Promise<unknown> => sandboxControl.post('model/script', { match, replies });

/** Arguments as text are what the model wrote, JSON or not. */
export const calls = (...toolCalls: { name: string; arguments: Record<string, unknown> | string; id?: string }[]): object => ({
  toolCalls,
});
export const slackMessage = (text: string) => ({ name: 'SLACK_SEND_MESSAGE', arguments: { channel: '#general', text } });
