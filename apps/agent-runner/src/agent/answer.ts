import { MAX_OUTPUT } from '@gatehouse/contracts';
import type { AIMessageChunk, UsageMetadata } from '@langchain/core/messages';
import type { ChatGenerationChunk } from '@langchain/core/outputs';
import { NotNow, RunFailure } from '../queue/lease.js';

const CUT = '\n[cut]';

/** A call as the model wrote it: nothing in it was checked. */
export interface RawCall {
  id: string;
  name: string;
  args: string;
}

export interface Answer {
  text: string;
  calls: RawCall[];
  tokens: number;
  /** The endpoint did not say how many tokens it took. */
  estimated: boolean;
}

type Piece = NonNullable<AIMessageChunk['tool_call_chunks']>[number];

/**
 * Puts an answer together from its pieces. LangChain's own way repairs the arguments of a call that broke off (`{"text":"del` becomes
 * `{"text":"del"}`) and joins all pieces again with each one: here they stay text, and an answer without its end is none.
 */
export class AnswerInPieces {
  private text = '';
  private argsLength = 0;
  private readonly calls: (RawCall & { index: number | undefined })[] = [];
  private tokens: number | undefined;
  private ended: string | undefined;
  private begun = false;

  /** Longer than any answer is kept: what comes after is not read. */
  get full(): boolean {
    return this.text.length > MAX_OUTPUT || this.argsLength > MAX_OUTPUT;
  }

  /** The text of this piece. */
  add({ message, generationInfo }: ChatGenerationChunk): string {
    this.begun = true;
    const { tool_call_chunks: pieces = [], usage_metadata: usage } = message as {
      tool_call_chunks?: Piece[];
      usage_metadata?: UsageMetadata;
    };
    for (const piece of pieces) this.addToCall(piece);
    if (usage?.total_tokens) this.tokens = usage.total_tokens;
    this.ended ??= generationInfo?.finish_reason;
    this.text += message.text;
    return message.text;
  }

  /** Throws `NotNow` when it broke off. `asked`: the characters that the model was given, for an endpoint that does not count tokens. */
  whole(asked: () => number): Answer {
    if (!this.begun) throw new NotNow('the model gave no answer that can be read');
    if (!this.ended && this.tokens === undefined && !this.full) throw new NotNow('the model broke off');
    if (this.ended === 'content_filter' && !this.text && !this.calls.length) {
      throw new RunFailure({ code: 'model_refused', message: 'The model refused this request.' });
    }
    const calls = this.calls.map(({ id, name, args }) => ({ id, name, args }));
    const text = clean(this.text.length > MAX_OUTPUT ? this.text.slice(0, MAX_OUTPUT - CUT.length) + CUT : this.text);
    const tokens = this.tokens ?? Math.ceil((asked() + this.text.length + this.argsLength) / CHARACTERS_A_TOKEN);
    return { text, calls, tokens, estimated: this.tokens === undefined };
  }

  /** Some endpoints give all calls one index, some none, some repeat the id with each piece. */
  private addToCall({ id, name, args, index }: Piece): void {
    const known =
      index === undefined && !id
        ? this.calls.at(-1)
        : this.calls.findLast((call) => (index === undefined ? call.id === id : call.index === index));
    const another = !known || (id && known.id && id !== known.id);
    const call = another ? { id: '', name: '', args: '', index } : known;
    if (another) this.calls.push(call);
    call.id ||= id ?? '';
    call.name ||= name ?? '';
    call.args += args ?? '';
    this.argsLength += args?.length ?? 0;
  }
}

const CHARACTERS_A_TOKEN = 4;

/** Without what Postgres cannot keep. */
export const clean = (text: string): string => text.replaceAll('\u0000', '').toWellFormed();
