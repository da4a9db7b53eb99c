import { Body, Controller, Module, Post } from '@nestjs/common';
import { Access } from '../src/access.js';
import { RuntimeModule } from '../src/runtime.module.js';
import { createApp } from '../src/start.js';
import { currentTraceId } from '../src/trace.js';
import { keysOf } from './keys.js';

const config = keysOf('connections').config('connections', { PORT: '0' });

@Controller('echo')
@Access('anyone', { callers: [] })
class Echo {
  @Post()
  echo(@Body() body: object) {
    return { traceId: currentTraceId(), ...body };
  }
}

@Module({ imports: [RuntimeModule.for(config)], controllers: [Echo] })
class EchoModule {}

describe('the trace of a request', () => {
  it('stays its own while bodies arrive in pieces, many at once, on the same sockets', async () => {
    const app = await createApp(EchoModule, config);
    await app.listen(0, '127.0.0.1');
    const url = `${await app.getUrl()}/echo`;
    const ask = async (n: number) => {
      const traceId = n.toString(16).padStart(32, '0');
      const pieces = ['{"filler":"', 'x'.repeat(1000), `","n":${n}}`];
      const body = new ReadableStream({
        async pull(controller) {
          await new Promise((resolve) => setTimeout(resolve, 5)); // so that the server gets it in pieces, too
          const piece = pieces.shift();
          if (piece === undefined) controller.close();
          else controller.enqueue(Buffer.from(piece));
        },
      });
      const headers = { 'content-type': 'application/json', traceparent: `00-${traceId}-b7ad6b7169203331-01` };
      const answer = await fetch(url, { method: 'POST', headers, body, duplex: 'half' } as RequestInit);
      expect(await answer.json()).toMatchObject({ n, traceId });
    };
    for (let round = 0; round < 3; round++) await Promise.all(Array.from({ length: 50 }, (_, n) => ask(n + 1)));
    await app.close();
  });
});
