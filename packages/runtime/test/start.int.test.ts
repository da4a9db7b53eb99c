import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { keysOf } from './keys.js';

const fixture = fileURLToPath(new URL('app.fixture.mjs', import.meta.url));
const { env } = keysOf('connections');
const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

function startFixture(extra: Record<string, string>) {
  const child = spawn(process.execPath, [fixture], {
    env: { ...process.env, LOG_LEVEL: 'info', ...env, ...extra },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const output = { out: '', err: '' };
  child.stdout.on('data', (chunk) => (output.out += chunk));
  child.stderr.on('data', (chunk) => (output.err += chunk));
  const until = async (text: string) => {
    while (!output.out.includes(text)) await once(child.stdout, 'data');
  };
  const end = async () => {
    const [code] = await once(child, 'close');
    const messages = output.out
      .trim()
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line).msg as string);
    return { code, err: output.err, messages };
  };
  return { child, until, end };
}

async function freePort(): Promise<{ port: number; release(): Promise<void> }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return { port, release: () => new Promise((done) => server.close(() => done())) };
}

describe('an app as a process', () => {
  it('starts HTTP, then consumers, and stops in order: readiness, workers, database; exit code 0', async () => {
    const { port, release } = await freePort();
    await release();
    const app = startFixture({ PORT: String(port) });
    await app.until('is up');
    expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
    app.child.kill('SIGTERM');
    const { code, messages } = await app.end();
    expect(messages.filter((line) => !line.startsWith('answered'))).toEqual([
      'consumers started',
      'connections is up',
      'stopping',
      'draining while readiness is 503',
      'database closed',
    ]);
    expect(code).toBe(0);
  });

  it('answers what was asked before it stops, and lets no open stream hold it up', async () => {
    const { port, release } = await freePort();
    await release();
    const app = startFixture({ PORT: String(port) });
    await app.until('is up');
    const slow = fetch(`http://127.0.0.1:${port}/slow`);
    const stream = await fetch(`http://127.0.0.1:${port}/endless`);
    await app.until('asked');
    app.child.kill('SIGTERM');
    expect(await (await slow).json()).toEqual({ done: true });
    await expect(stream.text()).rejects.toThrow();
    expect((await app.end()).code).toBe(0);
  });

  it('says in one sentence that its port is taken, exit code 1', async () => {
    const { port, release } = await freePort();
    const { code, err } = await startFixture({ PORT: String(port) }).end();
    expect({ code, err }).toEqual({
      code: 1,
      err: `connections cannot start: port ${port} on 127.0.0.1 is taken. Stop what uses it, or set PORT.\n`,
    });
    await release();
  });

  it('lists what is wrong with its environment, exit code 2', async () => {
    const { code, err } = await startFixture({ INTERNAL_KEY: '', PORT: 'x' }).end();
    expect(code).toBe(2);
    expect(err).toContain('connections cannot start');
    expect(err).toMatch(/^ {2}PORT {2}/m);
  });

  it('stops in order, with exit code 1, after an error that nobody caught', async () => {
    const { port, release } = await freePort();
    await release();
    const { code, messages } = await startFixture({ PORT: String(port), CRASH: 'yes' }).end();
    expect(code).toBe(1);
    expect(messages).toEqual(expect.arrayContaining(['an error nobody caught', 'stopping', 'database closed']));
  });
});
