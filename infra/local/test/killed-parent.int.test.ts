import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lives, startOf } from '../src/process-table.js';
import { Processes } from '../src/processes.js';

const processes = join(import.meta.dirname, '../dist/processes.js');
let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

/** A parent with one child that runs for ten minutes; `guarded` false takes its guardian away first, a `deaf` child hears no SIGTERM. */
async function parent(guarded: boolean, deaf = false) {
  const script = `
    const { Processes } = await import(${JSON.stringify(processes)});
    const owner = await Processes.open(${JSON.stringify(dataDir)});
    const child = owner.spawn('stubborn', 'sh', ['-c', '${deaf ? 'trap "" TERM; ' : ''}sleep 600 & wait; wait']);
    if (!${guarded}) owner.guardian.kill('SIGKILL');
    console.log(child.pid);
    setInterval(() => {}, 1000);`;
  const started = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [text] = (await once(started.stdout, 'data')) as [Buffer];
  const pid = Number(text.toString());
  const kill = async () => {
    const ended = once(started, 'exit');
    started.kill('SIGKILL');
    await ended;
  };
  return { child: { pid, started: startOf(pid) ?? '' }, kill };
}

async function until(holds: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 30_000; !holds(); ) {
    if (Date.now() > deadline) throw new Error('it does not come true');
    await new Promise((done) => setTimeout(done, 50));
  }
}

describe('when the process that owns a stack is killed', () => {
  it('its children are ended by the guardian, even those that hear no SIGTERM', async () => {
    const { child, kill } = await parent(true, true);
    expect(lives(child)).toBe(true);
    await kill();
    await until(() => !lives(child));
  });

  it('the next one with the same data ends what was left, before it starts anything', async () => {
    const { child, kill } = await parent(false);
    await kill();
    expect(lives(child)).toBe(true);
    const next = await Processes.open(dataDir);
    expect(lives(child)).toBe(false);
    await next.close();
  });

  it('a process that merely got the number of an old child is let alone', async () => {
    const { child, kill } = await parent(false);
    await kill();
    const file = join(dataDir, 'processes.json');
    const text = readFileSync(file, 'utf8');
    const other = text.replace(`"started":"${child.started}","stopSignal"`, '"started":"1","stopSignal"');
    expect(other).not.toBe(text);
    writeFileSync(file, other);
    const next = await Processes.open(dataDir);
    expect(lives(child)).toBe(true);
    process.kill(-child.pid, 'SIGKILL');
    await next.close();
  });
});

describe('while a stack runs', () => {
  it('another one with the same data is refused in one sentence', async () => {
    const { kill, child } = await parent(true);
    await expect(Processes.open(dataDir)).rejects.toThrow(/runs already with the data of/);
    await kill();
    await until(() => !lives(child));
  });
});
