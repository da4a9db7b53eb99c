import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, freePorts, lastLines, type Processes, ROOT } from '@gatehouse/local';

export interface RunningSandbox {
  readonly sandboxUrl: string;
  readonly smtpUrl: string;
}

/** Starts the run's one sandbox: Composio, the model and the mail catcher, for all files, each with a project of its own. */
export async function startSandbox(processes: Processes, log: (line: string) => void): Promise<Partial<RunningSandbox>> {
  const main = join(ROOT, 'apps/sandbox/dist/src/main.js');
  if (!existsSync(main)) {
    log('The sandbox is not built: tests that need it will fail ("npm run build").');
    return {};
  }
  const [port = 0, smtpPort = 0] = await freePorts(2);
  const sandboxUrl = `http://127.0.0.1:${port}`;
  const env = {
    ...process.env,
    NODE_ENV: 'test',
    LOG_LEVEL: 'warn',
    PORT: String(port),
    SMTP_PORT: String(smtpPort),
    PUBLIC_URL: sandboxUrl,
  };
  const child = processes.spawn('sandbox', process.execPath, [main], { env, rank: 1 });
  const deadline = Date.now() + 60_000;
  while (!(await ready(sandboxUrl))) {
    if (child.exit || Date.now() > deadline) throw new Failure(`The sandbox does not start:\n${lastLines(child.logFile)}`);
    await new Promise((done) => setTimeout(done, 100));
  }
  return { sandboxUrl, smtpUrl: `smtp://127.0.0.1:${smtpPort}` };
}

const ready = (url: string) =>
  fetch(`${url}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );

/** The sandbox's control routes (`/_emulator/…`) for this test file's own project. */
export const sandboxControl = {
  get url(): string {
    return setting('SANDBOX_URL');
  },
  /** The project's name; its API key, for Composio and for the model, is `emu_<project>`. */
  get project(): string {
    return setting('SANDBOX_PROJECT');
  },
  get key(): string {
    return `emu_${this.project}`;
  },
  get: <T = unknown>(path: string): Promise<T> => control<T>('GET', path),
  post: <T = unknown>(path: string, body: unknown = {}): Promise<T> => control<T>('POST', path, body),
  put: <T = unknown>(path: string, body: unknown): Promise<T> => control<T>('PUT', path, body),
  patch: <T = unknown>(path: string, body: unknown): Promise<T> => control<T>('PATCH', path, body),
  delete: <T = unknown>(path: string): Promise<T> => control<T>('DELETE', path),
};

/** `path` is what stands behind `/_emulator/`. Throws on any answer but 2xx. */
async function control<T>(method: string, path: string, body?: unknown): Promise<T> {
  const url = new URL(`/_emulator/${path.replace(/^\/?(_emulator\/)?/, '')}`, sandboxControl.url);
  url.searchParams.set('project', sandboxControl.project);
  const answer = await fetch(url, {
    method,
    ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`sandbox: ${method} ${url.pathname} → ${answer.status} ${text.slice(0, 300)}`);
  return (text ? JSON.parse(text) : undefined) as T;
}

function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: only *.int.test.ts files have a sandbox`);
  return value;
}
