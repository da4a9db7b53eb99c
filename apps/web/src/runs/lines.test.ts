import { linesOf } from './lines.js';

const at = '2026-11-21T09:00:00.000Z';
const row = (seq: number, type: string, data: Record<string, unknown> = {}) => ({ seq, type, data, at });
const about = { toolCallId: 'call_1', tool: 'SLACK_SEND_MESSAGE', app: 'slack', accountId: 'ca_1' };

describe('the lines of a run', () => {
  const events = [
    row(1, 'run.queued'),
    row(2, 'run.blocked', { blockers: [{ app: 'slack', state: 'not_connected' }] }),
    row(3, 'run.resumed', { after: 'connection' }),
    row(4, 'run.started', { missing: [] }),
    row(5, 'something.new', { of: 'tomorrow' }),
    row(6, 'approval.requested', { approvalId: 'a', tool: about.tool, summary: 'Send' }),
    row(7, 'approval.decided', { approvalId: 'a', decision: 'edit' }),
    row(8, 'run.resumed', { after: 'approval' }),
    row(9, 'run.started', { missing: [] }),
    row(10, 'tool.started', about),
    row(11, 'tool.failed', about),
    row(12, 'tool.started', about),
    row(13, 'tool.unconfirmed', about),
    row(14, 'tool.refused', { toolCallId: 'call_2', tool: 'SLACK_DELETE_A_MESSAGE', why: 'no' }),
    row(15, 'message', { text: 'Done.', final: true }),
    row(16, 'run.completed'),
  ];

  it('hold each event exactly once', () => {
    const numbers = linesOf(events).flatMap((line) => line.events);
    expect(numbers.toSorted((one, other) => one - other)).toEqual(events.map(({ seq }) => seq));
  });

  it('join what ends with what began', () => {
    expect(linesOf(events).map(({ kind, events: numbers }) => [kind, numbers.join(' ')])).toEqual([
      ['queued', '1'],
      ['waited', '2 3'],
      ['started', '4 5'],
      ['asked', '6 7 8 9'],
      ['call', '10 11'],
      ['call', '12 13'],
      ['refused', '14'],
      ['said', '15'],
      ['completed', '16'],
    ]);
  });
});
