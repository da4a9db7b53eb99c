import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, type Rolldown } from 'vite';

// Says what a host adds to its script by the hooks: their compressed bytes, and what they import of what it has anyway.
// A process of its own, because the bundler's native half does not know the objects of Jest's contexts.
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const { peerDependencies } = JSON.parse(readFileSync(here('../package.json'), 'utf8')) as { peerDependencies: Record<string, string> };
const peers = Object.keys(peerDependencies);
const built = await build({
  configFile: false,
  logLevel: 'silent',
  build: {
    write: false,
    lib: { entry: here('../src/index.ts'), formats: ['es'] },
    rolldownOptions: { external: (id) => peers.some((peer) => id === peer || id.startsWith(`${peer}/`)) },
  },
});
const chunks = (built as Rolldown.RolldownOutput[]).flatMap(({ output }) => output).filter((one) => one.type === 'chunk');
const bytes = chunks.reduce((sum, { code }) => sum + gzipSync(code).length, 0);
const imports = [...new Set(chunks.flatMap((chunk) => chunk.imports))].sort();
process.stdout.write(JSON.stringify({ bytes, imports }));
