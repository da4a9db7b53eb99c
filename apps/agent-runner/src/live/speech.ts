import type { MessageDelta } from '@gatehouse/contracts';

/** Characters in one piece at the most: the worst of them takes six bytes in JSON, and a note has less than 8000. */
const PIECE = 1_000;

/** What the model is saying now in one turn of a run, and how much of it each listener has. */
export class Speech {
  private text = '';
  private readonly sent = new Map<unknown, number>();

  constructor(
    readonly runId: string,
    readonly userId: string,
    private readonly turn: number,
  ) {}

  add(text: string): void {
    this.text += text;
  }

  /** What this listener does not have yet. */
  take(listener: unknown): MessageDelta[] {
    const pieces: MessageDelta[] = [];
    let at = this.sent.get(listener) ?? 0;
    while (at < this.text.length) {
      const end = wholeUntil(this.text, at + PIECE);
      if (end === at) break;
      pieces.push({ turn: this.turn, at, text: this.text.slice(at, end) });
      at = end;
    }
    this.sent.set(listener, at);
    return pieces;
  }

  /** It gets all from the beginning. */
  anew(listener: unknown): void {
    this.sent.delete(listener);
  }
}

/** Not between the two halves of a character. */
function wholeUntil(text: string, end: number): number {
  const last = Math.min(end, text.length);
  const code = text.charCodeAt(last - 1);
  return code >= 0xd800 && code <= 0xdbff ? last - 1 : last;
}
