import { Body, Controller, Get, Headers, HttpCode, Post, Res, UseFilters } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { readKey } from '../composio/projects.js';
import { type ChatRequest, chatRequest, lastRequest, type Turn } from './chat.js';
import { completion, countTokens, streamed } from './completion.js';
import { follow } from './follower.js';
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
    const turn = await this.answer(project, request);
    const usage = countTokens(request, turn);
    if (!request.stream) return reply.send(completion(request, turn, usage));
    void reply.hijack();
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
    for (const chunk of streamed(request, turn, usage)) reply.raw.write(`data: ${JSON.stringify(chunk)}\n\n`);
    reply.raw.end('data: [DONE]\n\n');
    return reply;
  }

  private async answer(project: string, request: ChatRequest): Promise<Turn> {
    const { text } = lastRequest(request.messages);
    let reply = this.scripts.next(project, text);
    while (reply?.delayMs !== undefined) {
      await new Promise((resolve) => setTimeout(resolve, reply?.delayMs));
      if (saysSomething(reply)) break;
      reply = this.scripts.next(project, text);
    }
    if (!reply) return follow(request);
    if (reply.status !== undefined) throw new ModelError(reply.status, 'scripted', 'A scripted failure of the sandbox model.', reply.body);
    return { content: reply.content ?? null, toolCalls: reply.toolCalls ?? [] };
  }
}

const saysSomething = ({ content, toolCalls, status }: ScriptedReply): boolean =>
  content !== undefined || toolCalls !== undefined || status !== undefined;

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
