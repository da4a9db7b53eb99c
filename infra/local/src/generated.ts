import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from './root.ts';

interface Generator {
  generatedFiles(root: string): Map<string, string>;
  readonly generatedFolders: readonly string[];
}

/** The generated files that are not as the contracts make them: missing, different, or left over. Needs the contracts built. */
export async function staleFiles(): Promise<string[]> {
  const { files, leftOver } = await wanted();
  const stale = [...files].filter(([path, text]) => !existsSync(join(ROOT, path)) || readFileSync(join(ROOT, path), 'utf8') !== text);
  return [...stale.map(([path]) => path), ...leftOver];
}

/** Writes them; the paths that changed. */
export async function writeGenerated(): Promise<string[]> {
  const { files, leftOver } = await wanted();
  const stale = await staleFiles();
  for (const path of stale) {
    const text = files.get(path);
    mkdirSync(dirname(join(ROOT, path)), { recursive: true });
    if (text !== undefined) writeFileSync(join(ROOT, path), text);
  }
  for (const path of leftOver) rmSync(join(ROOT, path));
  return stale;
}

async function wanted() {
  const { generatedFiles, generatedFolders } = (await import('@gatehouse/contracts/generate')) as Generator;
  const files = generatedFiles(ROOT);
  const there = generatedFolders.flatMap((folder) =>
    existsSync(join(ROOT, folder)) ? readdirSync(join(ROOT, folder)).map((name) => `${folder}/${name}`) : [],
  );
  return { files, leftOver: there.filter((path) => !files.has(path)) };
}
