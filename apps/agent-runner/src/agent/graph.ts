import { type AIMessage, type BaseMessage, HumanMessage, SystemMessage, ToolMessage } from '@langchain/core/messages';
import { Annotation, END, INTERRUPT, interrupt, MessagesAnnotation, Send, START, StateGraph } from '@langchain/langgraph';
import { Injectable } from '@nestjs/common';
import { RecordTurn } from '../runs/record-turn.js';
import type { RunInHand } from '../runs/run-in-hand.js';
import { type Call, CallTool, type Wait } from '../tools/call-tool.js';
import { Checkpointer } from './checkpointer.js';
import { Model } from './model.js';
import { earlier, systemPrompt } from './prompts.js';

export type Turned = { output: string } | { waits: Wait[] };

const State = Annotation.Root({ ...MessagesAnnotation.spec, call: Annotation<Call> });
// Far above what the limits of a run let happen.
const RECURSION_LIMIT = 200;

/** The agent: the model's turn, then one task for each tool call, then the model again. */
@Injectable()
export class AgentGraph {
  constructor(
    private readonly model: Model,
    private readonly callTool: CallTool,
    private readonly recordTurn: RecordTurn,
    private readonly checkpointer: Checkpointer,
  ) {}

  /** Goes on where the run's last checkpoint stands, until the answer is there or something has to be waited for. */
  async run(hand: RunInHand): Promise<Turned> {
    const saver = this.checkpointer.for(hand);
    const thread = { configurable: { thread_id: hand.runId } };
    const begun = await saver.getTuple(thread);
    if (!begun) await this.recordTurn.begin(hand);
    const graph = this.graphOf(hand).compile({ checkpointer: saver });
    const options = { ...thread, durability: 'sync' as const, signal: hand.signal, recursionLimit: RECURSION_LIMIT };
    const state = await graph.invoke(begun ? null : { messages: opening(hand) }, options);
    const interrupts = (state as { [INTERRUPT]?: { value?: Wait }[] })[INTERRUPT] ?? [];
    if (interrupts.length) return { waits: interrupts.flatMap(({ value }) => value ?? []) };
    return { output: textOf(state.messages.at(-1)) };
  }

  private graphOf(hand: RunInHand) {
    return (
      new StateGraph(State)
        .addNode('model', async ({ messages }) => ({ messages: [await this.turn(hand, messages)] }))
        .addNode('tool', async ({ call }) => ({ messages: [await this.toolMessage(hand, call)] }))
        .addEdge(START, 'model')
        // One task a call: after a crash a finished call is not made again because a neighbour was still on its way.
        .addConditionalEdges(
          'model',
          ({ messages }) => {
            const calls = callsOf(messages.at(-1) as AIMessage);
            return calls.length ? calls.map((call) => new Send('tool', { call })) : END;
          },
          ['tool', END],
        )
        .addEdge('tool', 'model')
    );
  }

  private async turn(hand: RunInHand, messages: BaseMessage[]): Promise<AIMessage> {
    await this.recordTurn.before(hand);
    const answer = await this.model.answer(hand, [new SystemMessage(systemPrompt(hand)), ...messages]);
    const { total_tokens: tokens = 0 } = (answer.usage_metadata ?? {}) as { total_tokens?: number };
    await this.recordTurn.after(hand, { tokens, text: textOf(answer), final: !callsOf(answer).length });
    return answer;
  }

  /** Runs again from its start after a wait; what may be done is read from the database each time, and nothing leaves before that. */
  private async toolMessage(hand: RunInHand, call: Call): Promise<ToolMessage> {
    const reply = await this.callTool.execute(hand, call);
    if ('wait' in reply) return interrupt(reply.wait);
    return new ToolMessage({ content: reply.text, tool_call_id: call.id, name: call.name });
  }
}

function opening(hand: RunInHand): BaseMessage[] {
  const before = earlier(hand);
  return [...(before ? [new HumanMessage(before)] : []), new HumanMessage(hand.input)];
}

function callsOf(message: AIMessage): Call[] {
  return (message.tool_calls ?? []).map(({ id, name, args }, index) => ({ id: id ?? `${message.id}-${index}`, name, args }));
}

/** Without what Postgres cannot keep. */
const textOf = (message: BaseMessage | undefined): string => (message?.text ?? '').replaceAll('\u0000', '').toWellFormed();
