import fc from 'fast-check';
import { choicesOf, decide, defaultOf, type Ruling, type Setting } from './policy.js';

const calm = { unattended: false, tainted: false, unconfirmed: false };
const operators = fc.record({ unattended: fc.boolean(), tainted: fc.boolean(), unconfirmed: fc.boolean() });
const circumstances = fc.record({
  unattended: fc.boolean(),
  tainted: fc.boolean(),
  unconfirmed: fc.boolean(),
  setting: fc.constantFrom<Setting | null>(null, 'allow', 'ask', 'never'),
  agentPolicy: fc.constantFrom<'ask' | 'never' | undefined>(undefined, 'ask', 'never'),
});
const toolClass = fc.constantFrom('read' as const, 'write' as const, 'destructive' as const);
const strictness = ({ rule }: Ruling) => ['run', 'ask', 'refuse'].indexOf(rule);

describe('what an agent may do by itself', () => {
  it('reads', () => {
    fc.assert(fc.property(operators, (some) => decide('read', some).rule === 'run'));
  });

  it('never anything destructive, whatever an operator marked and whatever its user allows', () => {
    fc.assert(fc.property(circumstances, (some) => decide('destructive', some).rule !== 'run'));
  });

  it('a write only when an operator marked it, also after it read content from outside', () => {
    expect(decide('write', calm)).toMatchObject({ rule: 'ask' });
    expect(decide('write', { ...calm, setting: 'allow' })).toMatchObject({ rule: 'ask' });
    expect(decide('write', { ...calm, unattended: true })).toEqual({ rule: 'run', decision: 'unattended' });
    expect(decide('write', { ...calm, unattended: true, tainted: true })).toEqual({ rule: 'run', decision: 'unattended' });
  });

  it('no write at all once the outcome of one is unknown', () => {
    expect(decide('write', { ...calm, unattended: true, unconfirmed: true })).toMatchObject({ rule: 'ask', code: 'unconfirmed' });
  });

  it('less, never more, by what its user or its own file says', () => {
    fc.assert(
      fc.property(toolClass, circumstances, (tool, { setting, agentPolicy, ...some }) => {
        const before = strictness(decide(tool, some));
        const after = strictness(decide(tool, { ...some, setting, agentPolicy }));
        return (
          after >= Math.max(before, setting === 'never' || agentPolicy === 'never' ? 2 : setting === 'ask' || agentPolicy === 'ask' ? 1 : 0)
        );
      }),
    );
  });

  it('says why it asks', () => {
    const why = (tool: Parameters<typeof decide>[0], given: object) => decide(tool, { ...calm, ...given });
    expect(why('write', { tainted: true })).toMatchObject({ why: 'Your agent read content from outside in this run.' });
    expect(why('read', { setting: 'ask', tainted: true })).toMatchObject({ why: 'You chose to be asked before this.' });
    expect(why('write', { agentPolicy: 'ask', unattended: true })).toMatchObject({ why: 'This agent always asks before this.' });
    expect(why('destructive', { setting: 'ask' })).toMatchObject({ why: 'This cannot be undone.' });
  });

  it('offers its user no choice that is looser than the default', () => {
    fc.assert(fc.property(toolClass, (tool) => choicesOf(tool).includes(defaultOf(tool)) && choicesOf(tool).includes('never')));
    expect(choicesOf('write')).not.toContain('allow');
    expect(choicesOf('destructive')).not.toContain('allow');
  });
});
