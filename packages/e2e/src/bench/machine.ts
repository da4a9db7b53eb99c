import { cpus, loadavg, release, totalmem, type } from 'node:os';
import type { Lab } from './lab.js';

/** What the figures were measured on, for a person who compares them with others. */
export async function machineOf(lab: Lab): Promise<string[]> {
  const [row] = await lab.sql<{ server_version: string }>('bench', 'show server_version');
  const [cpu] = cpus();
  return [
    `${cpus().length} cores (${cpu?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB, ${type()} ${release()}`,
    `Node ${process.versions.node}, Postgres ${row?.server_version ?? '?'} (fsync on), ${lab.kafka.how}, 1 broker, all on this machine`,
    `load of the machine before: ${loadavg()
      .map((load) => load.toFixed(1))
      .join(' ')}`,
  ];
}
