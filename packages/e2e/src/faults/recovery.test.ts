import { History } from './history.js';
import { longestWaits } from './recovery.js';
import type { State } from './state.js';
import type { Disturbance } from './trouble.js';

const T = 1_000_000;
const waits = (at: number, disturbances: Disturbance[]) => {
  const history = new History();
  history.open('ana', 'created').facts.push({ topic: 'user.created', id: '1', about: '', outcome: 'acknowledged', at: T });
  const entities = new Map([['ana', { user: 'ana', at: T + at, deleted: false }]]);
  const none = new Map<string, never>();
  const state: State = {
    entities,
    contacts: none,
    notifications: none,
    runs: none,
    calls: none,
    notices: none,
    topics: none,
    letters: [],
    waiting: 0,
  };
  const { single, overlapping, network, outage } = longestWaits(history, state, disturbances);
  return [single, overlapping, network, outage].map(({ seconds }) => seconds);
};
const trouble = (what: string, from: number, until: number, hits = ['*']): Disturbance => ({ what, at: T + from, until: T + until, hits });

describe('how long an event waited', () => {
  it('counts from the end of what was last over, not of what began last', () => {
    const outage = trouble('outage: kafka down for 60 s', 1_000, 70_000);
    expect(waits(80_000, [outage, trouble('SIGSTOP', 5_000, 5_000, ['connections'])])).toEqual([0, 0, 0, 10]);
  });

  it('takes a kill of all processes for one fault, and what follows soon for an overlapping one', () => {
    const [one, two] = [trouble('kill', 1_000, 2_000), trouble('kill', 1_002, 2_000)];
    expect(waits(9_000, [one, two])).toEqual([7, 0, 0, 0]);
    expect(waits(9_000, [one, trouble('kill', 4_000, 4_000)])).toEqual([0, 5, 0, 0]);
  });

  it('leaves out what hit others', () => {
    expect(waits(9_000, [trouble('network: reset, kafka', 1_000, 1_000), trouble('kill', 8_000, 8_000, ['notifier'])])).toEqual([
      0, 0, 8, 0,
    ]);
  });
});
