import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

const SMALL_BYTES = 1_400;

/** Writes `.br` and `.gz` beside each asset, so that the gateway compresses nothing while it serves. */
function precompress(): Plugin {
  return {
    name: 'precompress',
    apply: 'build',
    async writeBundle({ dir = 'dist' }, bundle) {
      const names = Object.keys(bundle).filter((name) => /\.(js|css|svg|json)$/.test(name));
      await Promise.all(names.map((name) => compress(join(dir, name))));
    },
  };
}

async function compress(file: string): Promise<void> {
  const bytes = await readFile(file);
  if (bytes.length < SMALL_BYTES) return;
  const params = { [constants.BROTLI_PARAM_QUALITY]: 10, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  const [br, gz] = await Promise.all([promisify(brotliCompress)(bytes, { params }), promisify(gzip)(bytes, { level: 9 })]);
  await Promise.all([writeFile(`${file}.br`, br), writeFile(`${file}.gz`, gz)]);
}

export default defineConfig({
  plugins: [precompress()],
  // The gateway puts a fresh value in its place each time it sends the page.
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    target: 'es2022',
    sourcemap: false,
    manifest: 'manifest.json',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0, // an inlined image or font would need a wider policy
    rolldownOptions: {
      input: ['index.html', 'example.html'], // the pages, and a foreign one that embeds them
      // Libraries mark modules for servers that render; there is none here.
      onLog: (level, log, show) => log.code === 'MODULE_LEVEL_DIRECTIVE' || show(level, log),
    },
  },
  // For work on the pages alone: `npm start` in one terminal, `npm run dev -w @gatehouse/web` in another.
  server: {
    port: 3100,
    proxy: { '^/(v1|auth/(?!sign-in$|verify$|reset$)|connect|admin/[a-z-]+/|openapi)': { target: 'http://localhost:3000' } },
  },
});
