import type { TcpProxy } from './proxy.js';
import type { Random } from './random.js';

export const NETWORK_FAULTS = ['slow', 'reset', 'half-open', 'black hole', 'forgotten connections'] as const;
export type NetworkFault = (typeof NETWORK_FAULTS)[number];

/** Beyond every deadline of ours: who has not given a silent connection up by then never would. */
const FORGOTTEN_MS = 60_000;

/** Does this to the network in front of one server, and heals it. `healed` hears when new connections pass as before. */
export async function worsen(
  proxy: TcpProxy,
  fault: NetworkFault,
  random: Random,
  wait: (ms: number) => Promise<unknown>,
  healed: () => void,
): Promise<void> {
  if (fault === 'reset') proxy.reset();
  else if (fault === 'slow') proxy.latencyMs = random.between(50, 300);
  else if (fault === 'half-open') proxy.halfOpen();
  else if (fault === 'black hole') proxy.blackHole();
  else proxy.forget();
  if (fault === 'forgotten connections') {
    healed();
    await wait(FORGOTTEN_MS);
  } else if (fault !== 'reset') await wait(random.between(5_000, 12_000));
  proxy.heal();
  if (fault !== 'forgotten connections') healed();
}
