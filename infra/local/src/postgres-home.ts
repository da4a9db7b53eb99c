import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** Postgres refuses to run as root; it then runs as `nobody`. */
export const NOBODY = { uid: 65534, gid: 65534 };
export const asRoot = process.getuid?.() === 0;

/** Where the database of a data folder lies: in it or, for a root whose folders nobody else may enter, in a folder beside the temporary ones. */
export function postgresHome(dataDir: string): string {
  if (!asRoot) return dataDir;
  const probe = spawnSync('test', ['-x', dataDir], NOBODY);
  if (probe.status === 0) return dataDir;
  const elsewhere = join('/var/tmp', `gatehouse-${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}`);
  mkdirSync(elsewhere, { recursive: true, mode: 0o755 });
  return elsewhere;
}
