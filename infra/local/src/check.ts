import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { command } from './failure.ts';
import { staleFiles } from './generated.ts';
import { ROOT } from './root.ts';

interface Result {
  readonly ok: boolean;
  readonly text: string;
}
interface Step {
  readonly name: string;
  run(): Result | Promise<Result>;
}

/** A tool of the install; what it says is shown only when it finds something. */
const tool = (file: string, ...args: string[]): Result => {
  const done = spawnSync(join(ROOT, 'node_modules/.bin', file), args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 << 20 });
  return { ok: done.status === 0, text: `${done.stdout}${done.stderr}${done.error?.message ?? ''}` };
};

const steps: Step[] = [
  { name: 'formatting and plain lint (biome)', run: () => tool('biome', 'ci', '--error-on-warnings', '.') },
  { name: 'types (tsc, all projects)', run: () => tool('tsc', '-b', ...projects()) },
  { name: 'types of the tests', run: () => tool('tsc', '-p', 'tsconfig.tests.json') },
  { name: 'lint that knows types (oxlint)', run: () => tool('oxlint', '--type-aware', 'apps', 'packages', 'infra') },
  { name: 'who may import whom (dependency-cruiser)', run: dependencies },
  { name: 'generated files are fresh', run: generated },
  { name: 'lockfile', run: lockfile },
  { name: 'workspaces agree on versions', run: versions },
];

await command(async () => {
  let broken = 0;
  for (const { name, run } of steps) {
    const began = Date.now();
    const { ok, text } = await run();
    process.stdout.write(`${ok ? 'ok     ' : 'BROKEN '} ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)\n`);
    if (!ok) process.stdout.write(`${text.trim().replace(/^/gm, '    ')}\n`);
    if (!ok) broken++;
  }
  process.stdout.write(broken ? `\n${broken} of ${steps.length} checks found something.\n` : '\nAll checks passed.\n');
  return broken ? 1 : 0;
});

/** The folders with a tsconfig.json of their own. */
function projects(): string[] {
  return workspaces().map(({ folder }) => folder);
}

function dependencies(): Result {
  const { ok, text } = tool(
    'depcruise',
    '--config',
    '.dependency-cruiser.js',
    '--output-type',
    'err-long',
    'apps',
    'packages',
    'infra/local',
  );
  return { ok, text: text.replace(/‼ missing-tsc-transpiler[\s\S]*$/, '') }; // it asks for a TypeScript older than ours; its swc parser reads everything
}

async function generated(): Promise<Result> {
  const stale = await staleFiles();
  return { ok: !stale.length, text: `Run "npm run docs" and commit: ${stale.join(', ')}` };
}

interface Lock {
  readonly packages: Record<string, { version?: string; resolved?: string; integrity?: string; link?: boolean; inBundle?: boolean }>;
}

/** The lockfile names no registry, pins everything by integrity, and knows each workspace's dependencies. */
function lockfile(): Result {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as Lock;
  const problems: string[] = [];
  for (const [path, entry] of Object.entries(packages)) {
    if (entry.resolved && /^https?:/.test(entry.resolved))
      problems.push(`${path} names a registry (resolved): "npm install" with the .npmrc of this tree leaves it out`);
    if (path.includes('node_modules/') && !entry.link && !entry.inBundle && !entry.integrity) problems.push(`${path} has no integrity`);
  }
  for (const { folder, manifest } of workspaces()) {
    const locked = JSON.stringify((packages[folder] as { dependencies?: object } | undefined)?.dependencies ?? {});
    if (locked !== JSON.stringify(sorted(manifest.dependencies ?? {})))
      problems.push(`${folder}: package.json and the lockfile differ: run "npm install"`);
  }
  return { ok: !problems.length, text: problems.slice(0, 20).join('\n') };
}

/** One version of a dependency in the whole tree, exact. */
function versions(): Result {
  const seen = new Map<string, Map<string, string[]>>();
  const problems: string[] = [];
  for (const { folder, manifest } of workspaces()) {
    for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })) {
      if (name.startsWith('@gatehouse/')) continue;
      if (!/^\d+\.\d+\.\d+/.test(version)) problems.push(`${folder}: ${name}@${version} is not exact`);
      const byVersion = seen.get(name) ?? new Map<string, string[]>();
      byVersion.set(version, [...(byVersion.get(version) ?? []), folder]);
      seen.set(name, byVersion);
    }
  }
  for (const [name, byVersion] of seen) {
    if (byVersion.size > 1)
      problems.push(`${name}: ${[...byVersion].map(([version, folders]) => `${version} in ${folders.join(', ')}`).join('; ')}`);
  }
  return { ok: !problems.length, text: problems.join('\n') };
}

interface Manifest {
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
}

function workspaces(): { folder: string; manifest: Manifest }[] {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as Lock;
  const folders = Object.keys(packages).filter((path) => path && !path.includes('node_modules'));
  return folders.map((folder) => ({ folder, manifest: JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')) as Manifest }));
}

function sorted(record: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
