import { USER_CREATED } from './broker.js';
import { atRate, ours } from './gate.js';
import { seed } from './growth.js';
import { holdRelay, type Taken, watch } from './intake.js';
import type { Lab } from './lab.js';
import type { Sizes } from './sizes.js';
import { cpuSeconds } from './usage.js';
import { userIds } from './users.js';

interface Node {
  id: number;
  callFrame: { functionName: string; url: string };
  children?: number[];
}
interface CpuProfile {
  nodes: Node[];
  samples: number[];
  timeDeltas: number[];
}
export interface Share {
  readonly what: string;
  /** Of the time in which the process did anything. */
  readonly share: number;
}

export interface Profile {
  readonly taken: Taken;
  readonly packages: readonly Share[];
  readonly functions: readonly Share[];
}

/** Where the connections service spends its processor time while it takes events in: by package, and the costliest functions. */
export async function profileIntake(lab: Lab, { intake }: Sizes): Promise<Profile> {
  const from = await lab.broker.ends(USER_CREATED);
  await lab.broker.publish(userIds('profile', intake.warm + intake.events));
  await lab.broker.place('connections', USER_CREATED, from);
  await holdRelay(lab, true);
  const port = await lab.freePort();
  let recording: Promise<Recorder> | undefined;
  const start = () => {
    const child = lab.service('connections', [`--inspect=127.0.0.1:${port}`]);
    recording = Recorder.attach(port);
    return child;
  };
  const warmed = () => void recording?.then((recorder) => recorder.start());
  const taken = await watch(lab, { ...intake, database: 'connections', process: 'connections', start, warmed });
  const profile = await (await recording)?.stop();
  await lab.processes.stop('connections');
  await holdRelay(lab, false);
  if (!profile) throw new Error('there is no profile');
  return { taken, ...summary(profile) };
}

/** The same for the gate, while it is asked 500 times a second for ten seconds. */
export async function profileGate(lab: Lab, sizes: Sizes): Promise<Profile> {
  const users = Math.min(10_000, sizes.growth[0] ?? 0);
  await seed(lab, 1, users);
  const port = await lab.freePort();
  const child = lab.service('connections', [`--inspect=127.0.0.1:${port}`]);
  await lab.ready('connections');
  const recorder = await Recorder.attach(port);
  const asked = userIds('seed', Math.min(users, 5000));
  const gate = await ours(lab, asked);
  await atRate(500, asked, (user) => gate.ask(user));
  await recorder.start();
  const pids = [child.pid, lab.processes.get('postgres')?.pid ?? 0];
  const before = pids.map(cpuSeconds);
  const again = await ours(lab, asked);
  await atRate(500, asked, (user) => again.ask(user));
  const [own = 0, postgres = 0] = pids.map((pid, i) => ((cpuSeconds(pid) - (before[i] ?? 0)) / asked.length) * 1e6);
  const profile = await recorder.stop();
  await lab.processes.stop('connections');
  return { taken: { perSecond: 500, cpu: { own, postgres, broker: 0 } }, ...summary(profile) };
}

function summary({ nodes, samples, timeDeltas }: CpuProfile): { packages: Share[]; functions: Share[] } {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const packages = new Map<string, number>();
  const functions = new Map<string, number>();
  let busy = 0;
  for (const [i, id] of samples.entries()) {
    const { functionName, url } = byId.get(id)?.callFrame ?? { functionName: '', url: '' };
    if (functionName === '(idle)' || functionName === '(program)') continue;
    const took = timeDeltas[i] ?? 0;
    const home = packageOf(functionName, url);
    busy += took;
    packages.set(home, (packages.get(home) ?? 0) + took);
    const name = `${home}: ${functionName || 'anonymous'} (${url.split('/').at(-1) ?? ''})`;
    functions.set(name, (functions.get(name) ?? 0) + took);
  }
  const shares = (times: Map<string, number>, count: number) =>
    [...times]
      .sort(([, a], [, b]) => b - a)
      .slice(0, count)
      .map(([what, took]) => ({ what, share: took / busy }));
  return { packages: shares(packages, 15), functions: shares(functions, 40) };
}

function packageOf(functionName: string, url: string): string {
  if (url.startsWith('node:')) return `node: ${url.split('/')[1] ?? url.slice(5)}`;
  const installed = /node_modules\/((?:@[^/]+\/)?[^/]+)(?!.*node_modules)/.exec(url)?.[1];
  const own = /\/(?:packages|apps)\/([^/]+)\/dist/.exec(url)?.[1];
  return installed ?? (own ? `ours: ${own}` : functionName.startsWith('(') ? functionName : 'native');
}

/** The V8 profiler of a process that was started with --inspect. */
class Recorder {
  private next = 1;
  private readonly waiting = new Map<number, (result: unknown) => void>();

  private constructor(private readonly socket: WebSocket) {
    socket.addEventListener('message', ({ data }) => {
      const { id, result } = JSON.parse(String(data)) as { id: number; result: unknown };
      this.waiting.get(id)?.(result);
    });
  }

  static async attach(port: number): Promise<Recorder> {
    for (let tries = 0; ; tries++) {
      try {
        const answer = await fetch(`http://127.0.0.1:${port}/json/list`);
        const [target] = (await answer.json()) as { webSocketDebuggerUrl: string }[];
        const socket = new WebSocket(target?.webSocketDebuggerUrl ?? '');
        await new Promise((open, failed) => {
          socket.addEventListener('open', open);
          socket.addEventListener('error', failed);
        });
        const recorder = new Recorder(socket);
        await recorder.ask('Profiler.enable');
        await recorder.ask('Profiler.setSamplingInterval', { interval: 500 });
        return recorder;
      } catch (error) {
        if (tries > 100) throw error;
        await new Promise((next) => setTimeout(next, 50));
      }
    }
  }

  async start(): Promise<void> {
    await this.ask('Profiler.start');
  }

  async stop(): Promise<CpuProfile> {
    const { profile } = (await this.ask('Profiler.stop')) as { profile: CpuProfile };
    this.socket.close();
    return profile;
  }

  private ask(method: string, params: object = {}): Promise<unknown> {
    const id = this.next++;
    const answer = new Promise((done) => this.waiting.set(id, done));
    this.socket.send(JSON.stringify({ id, method, params }));
    return answer;
  }
}
