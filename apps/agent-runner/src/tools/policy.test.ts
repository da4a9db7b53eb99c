import fc from 'fast-check';
import { decide } from './policy.js';

const calm = { unattended: false, tainted: false, unconfirmed: false };
const circumstances = fc.record({ unattended: fc.boolean(), tainted: fc.boolean(), unconfirmed: fc.boolean() });

describe('what an agent may do by itself', () => {
  it('reads, always', () => {
    fc.assert(fc.property(circumstances, (some) => !decide('read', some).ask));
  });

  it('never anything destructive, whatever an operator marked', () => {
    fc.assert(fc.property(circumstances, (some) => decide('destructive', some).ask));
  });

  it('a write only when an operator marked it, also after it read content from outside', () => {
    expect(decide('write', calm)).toMatchObject({ ask: true });
    expect(decide('write', { ...calm, unattended: true })).toEqual({ ask: false, decision: 'unattended' });
    expect(decide('write', { ...calm, unattended: true, tainted: true })).toEqual({ ask: false, decision: 'unattended' });
  });

  it('no write at all once the outcome of one is unknown', () => {
    expect(decide('write', { ...calm, unattended: true, unconfirmed: true })).toMatchObject({ ask: true });
  });

  it('says why it asks', () => {
    expect(decide('write', { ...calm, tainted: true })).toEqual({ ask: true, why: 'Your agent read content from outside in this run.' });
  });
});
