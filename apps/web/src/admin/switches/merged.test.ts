import type { SwitchView } from '@gatehouse/contracts';
import { inForce, lifted } from './merged.js';

const one = (id: string, more: Partial<SwitchView> = {}): SwitchView => ({
  ...{ id, scope: 'app', target: 'slack', reason: 'an outage', setBy: 'olga', setAt: '2026-11-21T10:00:00.000Z' },
  ...{ liftedAt: null, liftedBy: null, liftReason: null },
  ...more,
});

describe('the switches of both keepers', () => {
  it('are one where they stop the same, with who was first', () => {
    const second = one('b', { setAt: '2026-11-21T10:00:01.000Z', setBy: 'otto', reason: 'me too' });
    expect(inForce({ 'agent-runner': [second], connections: [one('a')] })).toEqual([
      expect.objectContaining({
        scope: 'app',
        target: 'slack',
        setBy: 'olga',
        ids: { 'agent-runner': 'b', connections: 'a' },
        missing: [],
      }),
    ]);
  });

  it('say where one is not set that should be; a tool is agent-runner’s alone', () => {
    expect(inForce({ 'agent-runner': [one('a')], connections: [] })).toMatchObject([{ missing: ['connections'] }]);
    const tool = one('b', { scope: 'tool', target: 'SLACK_SEND_MESSAGE' });
    expect(inForce({ 'agent-runner': [tool], connections: [] })).toMatchObject([{ missing: [] }]);
  });

  it('say nothing of a keeper that did not answer', () => {
    expect(inForce({ 'agent-runner': [one('a')] })).toMatchObject([{ missing: [] }]);
  });

  it('are in force until they are lifted', () => {
    const over = one('a', { liftedAt: '2026-11-21T11:00:00.000Z', liftedBy: 'otto', liftReason: 'it is over' });
    expect(inForce({ connections: [over] })).toEqual([]);
    expect(lifted({ connections: [over] })).toMatchObject([{ id: 'a', keeper: 'connections' }]);
  });
});
