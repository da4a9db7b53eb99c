import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { accountId, createComposio, entityId } from '@gatehouse/composio';
import { type AIMessage, type AIMessageChunk, HumanMessage, SystemMessage, ToolMessage } from '@langchain/core/messages';
import { Annotation, END, MessagesAnnotation, Send, START, StateGraph } from '@langchain/langgraph';
import { PostgresSaver } from '@langchain/langgraph-checkpoint-postgres';
import { ChatOpenAI } from '@langchain/openai';
import pg from 'pg';
import { settings } from './settings.js';

/** The agent's graph with nothing around it: same nodes, same checkpoints, same SDKs; no queue, gate, journal, policy, record. */
const { databaseUrl, port, instant } = settings<{ databaseUrl: string; port: number; instant: string }>();

interface Call {
  id?: string;
  name: string;
  args: Record<string, unknown>;
}
const State = Annotation.Root({ ...MessagesAnnotation.spec, call: Annotation<Call> });
const composio = await createComposio({
  COMPOSIO_DRIVER: 'core',
  COMPOSIO_BASE_URL: instant,
  COMPOSIO_API_KEY: 'emu_bench',
  COMPOSIO_AUTH_CONFIGS: undefined,
  COMPOSIO_RUNS_CALLS_PER_MINUTE: 100_000,
  COMPOSIO_INTERACTIVE_CALLS_PER_MINUTE: 300,
  COMPOSIO_SWEEP_CALLS_PER_MINUTE: 200,
  TELEMETRY_DISABLED: 'true',
});
const { tools } = await composio.getTools(['SLACK_LIST_CHANNELS'], { budget: 'runs' });
const offered = tools.map(({ name, description, parameters }) => ({
  type: 'function' as const,
  function: { name, description, parameters },
}));
const pool = new pg.Pool({ connectionString: databaseUrl, max: 5 });
const saver = new PostgresSaver(pool);
await saver.setup();

function graphOf(user: string) {
  const model = new ChatOpenAI({
    model: 'instant',
    apiKey: 'emu_bench',
    configuration: { baseURL: `${instant}/openai/v1` },
  }).bindTools(offered);
  return new StateGraph(State)
    .addNode('model', async ({ messages }) => {
      // Not `invoke` with `streaming`: that counts tokens by a table which it fetches from somewhere.
      const pieces = await model.stream([new SystemMessage('You list channels.'), ...messages]);
      let answer: AIMessageChunk | undefined;
      for await (const piece of pieces) answer = answer ? answer.concat(piece) : piece;
      return { messages: answer ? [answer] : [] };
    })
    .addNode('tool', async ({ call }) => {
      const request = {
        owner: entityId(user),
        account: { id: accountId('ca_bench'), owner: entityId(user), app: 'slack' },
        tool: call.name,
        version: tools[0]?.version ?? null,
        arguments: call.args,
        callId: call.id ?? '',
      };
      const answer = await composio.executeTool(request, { budget: 'runs' });
      return { messages: [new ToolMessage({ content: JSON.stringify(answer), tool_call_id: call.id ?? '', name: call.name })] };
    })
    .addEdge(START, 'model')
    .addConditionalEdges(
      'model',
      ({ messages }) => {
        const calls = (messages.at(-1) as AIMessage).tool_calls ?? [];
        return calls.length ? calls.map((call) => new Send('tool', { call })) : END;
      },
      ['tool', END],
    )
    .addEdge('tool', 'model')
    .compile({ checkpointer: saver });
}

/** Milliseconds of one run, from nothing to its answer. */
async function one(): Promise<number> {
  const began = performance.now();
  const thread = { configurable: { thread_id: randomUUID() }, durability: 'sync' as const };
  const state = await graphOf(randomUUID()).invoke({ messages: [new HumanMessage('List the channels.')] }, thread);
  if (state.messages.length !== 4) throw new Error(`${state.messages.length} messages`);
  return performance.now() - began;
}

async function many(runs: number, atOnce: number): Promise<{ times: number[]; seconds: number }> {
  const times: number[] = [];
  const began = performance.now();
  let begun = 0;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (begun++ < runs) times.push(await one());
    }),
  );
  return { times, seconds: (performance.now() - began) / 1000 };
}

createServer((request, response) => {
  const { searchParams } = new URL(request.url ?? '', 'http://side');
  many(Number(searchParams.get('runs')), Number(searchParams.get('atOnce'))).then(
    (found) => response.end(JSON.stringify(found)),
    (error: unknown) => response.writeHead(500).end(String(error)),
  );
}).listen(port, '127.0.0.1');
process.once('SIGTERM', () => process.exit(0));
