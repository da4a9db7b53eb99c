import { NETWORK_FAULTS, worsen } from './bad-network.js';
import type { Random } from './random.js';
import type { Trouble } from './trouble.js';

/** Always so: a call takes long enough to be killed in the middle of it, and some answers never arrive although all was done. */
const USUAL = [
  { match: { path: '/execute' }, effect: { reset: 'after', latencyMs: 300 }, probability: 0.05 },
  { match: { path: '/execute' }, effect: { latencyMs: { min: 100, max: 2_500 } } },
];
const STORMS = {
  '429': { match: {}, effect: { status: 429, headers: { 'retry-after': '2' } }, probability: 0.8 },
  '500': { match: {}, effect: { status: 500 }, probability: 0.8 },
  'slow answers': { match: {}, effect: { latencyMs: { min: 2_000, max: 30_000 } }, probability: 0.5 },
  'an error in a good answer': {
    match: { path: '/execute' },
    effect: { status: 200, body: { error: 'slow down', successful: false } },
    probability: 0.5,
  },
} as const;
const KINDS = [
  ...Object.keys(STORMS).map((storm) => ['storm', storm] as const),
  ...NETWORK_FAULTS.map((fault) => ['network', fault] as const),
];

/** The provider's own storms, and the network in front of it. Nobody's events wait for it. */
export async function providerLane(trouble: Trouble, random: Random): Promise<void> {
  const { stack, network } = trouble.field;
  const faults = random.deck(KINDS);
  const rule = new Rules(stack.urls.sandbox ?? '');
  await rule.be(USUAL);
  while (!trouble.done) {
    await trouble.pause(random.between(8_000, 16_000));
    if (trouble.done) break;
    const [kind, fault] = faults.next().value;
    trouble.note(`provider ${kind}: ${fault}`, ['provider']);
    if (kind === 'network')
      await worsen(
        network.sandbox,
        fault,
        random,
        (ms) => trouble.pause(Math.min(ms, 20_000)),
        () => {},
      );
    else {
      await rule.be([STORMS[fault as keyof typeof STORMS], ...USUAL]);
      await trouble.pause(random.between(5_000, 12_000));
      await rule.be(USUAL);
    }
  }
  await rule.be([]);
}

/** The sandbox's control door; the first rule that fits a request counts. */
class Rules {
  private readonly url: string;

  constructor(sandbox: string) {
    this.url = `${sandbox}/_emulator/faults`;
  }

  async be(rules: readonly object[]): Promise<void> {
    await fetch(this.url, { method: 'DELETE' });
    for (const rule of rules) {
      const { ok, status } = await fetch(this.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(rule),
      });
      if (!ok) throw new Error(`the sandbox answered ${status} to a fault`);
    }
  }
}
