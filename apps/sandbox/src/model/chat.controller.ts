import type { ServerResponse } from 'node:http';
import { Body, Controller, Get, Headers, HttpCode, Post, Res, UseFilters } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { readKey } from '../composio/projects.js';
import { type ChatRequest, chatRequest, lastRequest, type Turn } from './chat.js';
import { completion, countTokens, streamed } from './completion.js';
import { follow } from './follower.js';
import { attack, HOSTILE_MODEL } from './hostile.js';
import { ModelError, ModelFilter } from './model.filter.js';
import { type ScriptedReply, Scripts } from './scripts.js';

export const MODEL = 'sandbox';

/** As much of OpenAI's API as an agent needs. What it says is scripted, or comes from the plain request follower; there is no model. */
@Controller('openai/v1')
@UseFilters(ModelFilter)
export class ChatController {
  constructor(private readonly scripts: Scripts) {}

  @Get('models')
  models(@Headers('authorization') authorization?: string) {
    projectOf(authorization);
    return { object: 'list', data: [{ id: MODEL, object: 'model', created: 1_767_225_600, owned_by: 'sandbox' }] };
  }

  @Post('chat/completions')
  @HttpCode(200)
  async complete(@Body() body: unknown, @Res() reply: FastifyReply, @Headers('authorization') authorization?: string) {
    const project = projectOf(authorization);
    const request = read(body);
    this.scripts.remember(project, body);
    const scripted = await this.scripted(project, request);
    const { status, raw } = scripted ?? {};
    if (status !== undefined) {
      void reply.headers(scripted?.headers ?? {});
      throw new ModelError(status, 'scripted', 'A scripted failure of the sandbox model.', scripted?.body);
    }
    if (raw) return reply.type(raw.type).send(raw.text);
    const turn = scripted ? turnOf(scripted) : unscripted(request);
    const counted = countTokens(request, turn);
    const usage = scripted?.usageTokens === undefined ? counted : { ...counted, total_tokens: scripted.usageTokens };
    if (!request.stream) return reply.send(completion(request, turn, usage));
    void reply.hijack();
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    await sendPieces(reply.raw, [...streamed(request, turn, usage)], scripted);
    return reply;
  }

  private async scripted(project: string, request: ChatRequest): Promise<ScriptedReply | undefined> {
    const { text } = lastRequest(request.messages);
    let reply = this.scripts.next(project, text);
    while (reply?.delayMs !== undefined) {
      await new Promise((resolve) => setTimeout(resolve, reply?.delayMs));
      if (saysSomething(reply)) break;
      reply = this.scripts.next(project, text);
    }
    return reply;
  }
}

const turnOf = ({ content, toolCalls = [] }: ScriptedReply): Turn => ({
  content: content ?? null,
  toolCalls: toolCalls.map(({ name, arguments: given, id }) => ({
    name,
    ...(typeof given === 'string' ? { arguments: {}, text: given } : { arguments: given }),
    ...(id === undefined ? {} : { id }),
  })),
});
const unscripted = (request: ChatRequest): Turn => (request.model === HOSTILE_MODEL ? attack(request) : follow(request));

const saysSomething = ({ content, toolCalls, status, raw }: ScriptedReply): boolean =>
  content !== undefined || toolCalls !== undefined || status !== undefined || raw !== undefined;

/** The last piece but one says how it ended, the last one what it took; a script may leave out either, or break off before. */
async function sendPieces(raw: ServerResponse, pieces: object[], how: ScriptedReply = {}): Promise<void> {
  const { pieceDelayMs, dropAfter, withoutEnd, withoutUsage } = how;
  const sent = pieces.filter(
    (piece) => !(withoutEnd && isEnd(piece)) && !((withoutEnd || withoutUsage) && 'usage' in piece && piece.usage),
  );
  for (const [index, piece] of sent.entries()) {
    if (index === dropAfter) break;
    raw.write(`data: ${JSON.stringify(piece)}\n\n`);
    if (pieceDelayMs) await new Promise((resolve) => setTimeout(resolve, pieceDelayMs));
  }
  if (dropAfter === undefined) return void raw.end(withoutEnd ? '' : 'data: [DONE]\n\n');
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS)); // what was written has left
  raw.destroy();
}

const SETTLE_MS = 20;
const isEnd = (piece: object): boolean =>
  (piece as { choices: { finish_reason: unknown }[] }).choices.some(({ finish_reason }) => finish_reason);

/** Only keys of the sandbox: a real one must not come to rest here. */
function projectOf(authorization = ''): string {
  const key = readKey(authorization.replace(/^Bearer\s+/i, ''));
  if (!key) throw new ModelError(401, 'invalid_api_key', 'Incorrect API key: the sandbox model takes keys of the form emu_<project>.');
  return key.project;
}

function read(body: unknown): ChatRequest {
  const parsed = chatRequest.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ModelError(400, 'invalid_request', `${issue?.path.join('.') ?? 'body'}: ${issue?.message ?? 'not valid'}`);
}
