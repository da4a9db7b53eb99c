import { Injectable } from '@nestjs/common';
import { z } from 'zod';

const scriptedReply = z.strictObject({
  content: z.string().optional(),
  /** Arguments as text are sent as they are, JSON or not. Without an `id` each call gets one of its own. */
  toolCalls: z
    .array(
      z.strictObject({
        name: z.string(),
        arguments: z.union([z.record(z.string(), z.unknown()), z.string()]).default({}),
        id: z.string().optional(),
      }),
    )
    .optional(),
  /** An error in place of an answer. */
  status: z.int().min(400).max(599).optional(),
  body: z.unknown().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  /** Wait between two pieces of a streamed answer. */
  pieceDelayMs: z.int().min(0).optional(),
  /** Pieces of a streamed answer after which the connection is reset. */
  dropAfter: z.int().min(0).optional(),
  /** The stream ends in good order, but without the piece that says so. */
  withoutEnd: z.boolean().optional(),
  /** The endpoint does not count tokens, whatever it was asked. */
  withoutUsage: z.boolean().optional(),
  /** What the answer is said to have taken in all. */
  usageTokens: z.int().min(0).optional(),
  /** In place of an answer: what is sent, as it is, with status 200. */
  raw: z.strictObject({ type: z.string(), text: z.string() }).optional(),
  /** Wait before the answer; alone, before whatever would be answered next. */
  delayMs: z.int().min(0).optional(),
});
export const script = z.strictObject({
  project: z.string().default('local'),
  replies: z.array(scriptedReply).min(1),
  /** Only for requests whose last user message holds this text. */
  match: z.string().optional(),
});
export type Script = z.infer<typeof script>;
export type ScriptedReply = Script['replies'][number];

const REQUESTS_KEPT = 1000;

/** Replies that tests wrote beforehand, taken in order, and what the model was asked, both per project. */
@Injectable()
export class Scripts {
  private scripts: Script[] = [];
  private asked: { at: string; project: string; body: unknown }[] = [];

  add(given: Script): void {
    this.scripts.push({ ...given, replies: [...given.replies] });
  }

  /** Scripts with a `match` that fits come first. */
  next(project: string, request: string): ScriptedReply | undefined {
    const fitting = this.scripts.filter((candidate) => candidate.project === project && candidate.replies.length > 0);
    const chosen =
      fitting.find(({ match }) => match !== undefined && request.includes(match)) ?? fitting.find(({ match }) => match === undefined);
    const reply = chosen?.replies.shift();
    this.scripts = this.scripts.filter(({ replies }) => replies.length > 0);
    return reply;
  }

  left(project: string): number {
    return this.scripts.filter((candidate) => candidate.project === project).reduce((sum, { replies }) => sum + replies.length, 0);
  }

  forget(project: string): void {
    this.scripts = this.scripts.filter((candidate) => candidate.project !== project);
    this.asked = this.asked.filter((request) => request.project !== project);
  }

  remember(project: string, body: unknown): void {
    this.asked.push({ at: new Date().toISOString(), project, body });
    if (this.asked.length > REQUESTS_KEPT) this.asked.shift();
  }

  requests(project: string) {
    return this.asked.filter((request) => request.project === project);
  }
}
