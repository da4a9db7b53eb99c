import { globSync } from 'node:fs';
import { join } from 'node:path';

/** What the files of a run need beside themselves. A broker takes seconds and memory: only messaging's tests get one (e2e starts its own stack). */
export interface Needs {
  readonly database: boolean;
  readonly broker: boolean;
}

/** Looks at the test files that Jest's patterns select, in the way Jest selects them. `kinds` is GATEHOUSE_TESTS: all, or one of unit, int, e2e. */
export function needsOf(root: string, patterns: readonly string[], kind = 'all'): Needs {
  if (kind === 'unit') return { database: false, broker: false };
  const wanted = patterns.map((pattern) => new RegExp(pattern, 'i'));
  const files = globSync('{apps,packages,infra}/**/*.int.test.ts', {
    cwd: root,
    exclude: (name) => /(^|\/)(node_modules|dist|\.data)$/.test(name),
  })
    .map((file) => join(root, file))
    .filter((file) => !wanted.length || wanted.some((pattern) => pattern.test(file)));
  const broker = files.some((file) => /\/packages\/messaging\//.test(file));
  return { database: files.length > 0, broker };
}
