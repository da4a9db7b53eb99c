import { type BaseMessage, HumanMessage, ToolMessage } from '@langchain/core/messages';
import { Annotation, END, INTERRUPT, interrupt, MessagesAnnotation, Send, START, StateGraph } from '@langchain/langgraph';
import { Injectable } from '@nestjs/common';
import { LiveRuns } from '../live/live-runs.js';
import type { RunInHand } from '../runs/run-in-hand.js';
import { type Call, CallTool, type Wait } from '../tools/call-tool.js';
import { clean } from './answer.js';
import { callsOf } from './calls.js';
import { Checkpointer } from './checkpointer.js';
import { readOutput, type Structured } from './output.js';
import { earlier } from './prompts.js';
import { TakeTurn } from './take-turn.js';

export type Turned = { output: string; structured?: Structured } | { waits: Wait[] };

const State = Annotation.Root({ ...MessagesAnnotation.spec, call: Annotation<Call> });
// Two steps a turn: the limit of turns comes first.
const RECURSION_LIMIT = 200;
/** Calls of one turn that are made at a time: each takes connections of a pool that other runs need, too. */
const CALLS_AT_ONCE = 5;

/** The agent: the model's turn, then one task for each tool call, then the model again. */
@Injectable()
export class AgentGraph {
  constructor(
    private readonly takeTurn: TakeTurn,
    private readonly callTool: CallTool,
    private readonly checkpointer: Checkpointer,
    private readonly live: LiveRuns,
  ) {}

  /** Goes on where the run's last checkpoint stands, until the answer is there or something has to be waited for. */
  async run(work: Omit<RunInHand, 'changed'>): Promise<Turned> {
    const hand: RunInHand = { ...work, changed: () => this.live.more(work) };
    const saver = this.checkpointer.for(hand);
    const thread = { configurable: { thread_id: hand.runId } };
    const begun = await saver.first(thread);
    if (!begun) await this.takeTurn.begin(hand);
    const graph = this.graphOf(hand).compile({ checkpointer: saver });
    const limits = { recursionLimit: RECURSION_LIMIT, maxConcurrency: CALLS_AT_ONCE };
    const options = { ...thread, ...limits, durability: 'sync' as const, signal: hand.signal };
    const state = await graph.invoke(begun ? null : { messages: opening(hand) }, options);
    const interrupts = (state as { [INTERRUPT]?: { value?: Wait }[] })[INTERRUPT] ?? [];
    if (interrupts.length) return { waits: interrupts.flatMap(({ value }) => value ?? []) };
    return resultOf(hand, clean(state.messages.at(-1)?.text ?? ''));
  }

  private graphOf(hand: RunInHand) {
    return (
      new StateGraph(State)
        .addNode('model', async ({ messages }) => ({ messages: await this.takeTurn.execute(hand, messages) }))
        .addNode('tool', async ({ call }) => ({ messages: [await this.toolMessage(hand, call)] }))
        .addEdge(START, 'model')
        // One task a call: after a crash a finished call is not made again because a neighbour was still on its way.
        .addConditionalEdges('model', ({ messages }) => next(messages), ['model', 'tool', END])
        .addEdge('tool', 'model')
    );
  }

  /** Runs again from its start after a wait; what may be done is read from the database each time, and nothing leaves before that. */
  private async toolMessage(hand: RunInHand, call: Call): Promise<ToolMessage> {
    const reply = await this.callTool.execute(hand, call);
    hand.changed();
    if ('wait' in reply) return interrupt(reply.wait);
    return new ToolMessage({ content: reply.text, tool_call_id: call.id, name: call.name });
  }
}

/** After the model's turn: its calls; or its answer was given back to it; or that was the answer. */
function next(messages: BaseMessage[]): Send[] | 'model' | typeof END {
  const last = messages.at(-1);
  const calls = callsOf(last);
  if (calls.length) return calls.map((call) => new Send('tool', { call }));
  return last?.type === 'ai' ? END : 'model';
}

function resultOf({ agent }: RunInHand, output: string): Turned {
  const read = agent.output && readOutput(output, agent.output);
  return read && 'structured' in read ? { output, structured: read.structured } : { output };
}

function opening(hand: RunInHand): BaseMessage[] {
  const before = earlier(hand);
  return [...(before ? [new HumanMessage(before)] : []), new HumanMessage(hand.input)];
}
