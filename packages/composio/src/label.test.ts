import { accountId, entityId } from './entity-id.js';
import { accountLabel, labelIn } from './label.js';
import type { ToolOutcome } from './port.js';

const ana = entityId('ana');
const account = { id: accountId('ca_1'), owner: ana, app: 'gmail' };
const answering = (outcome: ToolOutcome) => ({ executeTool: () => Promise.resolve(outcome) });

describe('the name of an account', () => {
  it('is looked for in the order given, and below the wrapping that some tools have', () => {
    expect(labelIn({ name: 'Ana', email: 'ana@example.com' }, ['email', 'name'])).toBe('ana@example.com');
    expect(labelIn({ response_data: { user: { email: 'ana@example.com' } } }, ['user.email'])).toBe('ana@example.com');
    expect(labelIn({ data: { login: 'ana' } }, ['login'])).toBe('ana');
  });

  it.each([{}, { email: null }, { email: 7 }, { email: ' \n ' }, { email: { address: 'x' } }])('is none in %j', (data) => {
    expect(labelIn(data, ['email'])).toBeNull();
  });

  it('is one short line without marks that turn its direction', () => {
    expect(labelIn({ name: 'ana\u202Emoc.elpmaxe\n\u0000<b>' }, ['name'])).toBe('ana moc.elpmaxe <b>');
    expect(labelIn({ name: 'ä'.repeat(500) }, ['name'])).toHaveLength(200);
  });

  it('is none for an app without a profile read, and where the tool says no', async () => {
    const failed = answering({ ok: false, cause: 'credentials', message: 'invalid_auth', logId: null });
    expect(await accountLabel(failed, account, { budget: 'interactive' })).toBeNull();
    const asked = answering({ ok: true, data: { emailAddress: 'ana@example.com' }, logId: null });
    expect(await accountLabel(asked, account, { budget: 'interactive' })).toBe('ana@example.com');
    for (const app of ['unheard-of', 'constructor']) {
      expect(await accountLabel(asked, { ...account, app }, { budget: 'interactive' })).toBeNull();
    }
  });
});
