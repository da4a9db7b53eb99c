import { deedOf } from './deed.js';
import { ordered, plainLabel, recipientsOf, touchedBy } from './fields.js';

describe('the arguments of a call', () => {
  it('begin with what a person looks at first, whatever their order was', () => {
    const args = { is_html: true, body: 'x', cc: [], subject: 'y', Recipient_Email: 'a@b.example' };
    expect(ordered(args).map(([key]) => key)).toEqual(['Recipient_Email', 'cc', 'subject', 'body', 'is_html']);
  });

  it('have labels that can be read, and no long ones', () => {
    expect([plainLabel('due_on'), plainLabel('dueOn'), plainLabel('x'.repeat(10_000)).length]).toEqual(['Due on', 'Due On', 60]);
  });

  it('tell how many people they reach, and how many things they touch', () => {
    expect(recipientsOf({ to: 'a@x.example, b@x.example', cc: ['c', 'd'], body: 'e, f, g' })).toBe(4);
    expect([touchedBy({ id: '1' }), touchedBy({ ids: ['1', '2', '3'] })]).toEqual([1, 3]);
  });
});

describe('the words of the buttons', () => {
  it.each([
    ['GMAIL_SEND_EMAIL', 'approval.send'],
    ['SLACK_DELETE_A_MESSAGE', 'approval.delete'],
    ['GITHUB_CREATE_AN_ISSUE', 'approval.create'],
    ['SLACK_UPDATES_A_SLACK_MESSAGE', 'approval.change'],
    ['POST_BOX_OPEN', 'approval.do'],
  ])('of %s are %s', (tool, word) => expect(deedOf(tool).yes).toBe(word));
});
