import { accountId } from '../../src/entity-id.js';
import { OwnerMismatch } from '../../src/errors.js';
import type { AccountId, EntityId } from '../../src/port.js';
import { emulator } from './emulator.js';
import { interactive, type Suite } from './suite.js';

export function removing(suite: Suite): void {
  const { someone } = suite;
  /** The id under which it can be revoked, which the old API does not give. */
  const revocable = async (owner: EntityId, app: string, status = 'ACTIVE'): Promise<AccountId> =>
    accountId((await emulator.seed({ owner, app, status }))[0] ?? '');

  describe('removing an account', () => {
    beforeAll(() => emulator.control('PUT', 'project', { revoke: { gmail: 'not-supported', github: 'fails' } }));

    it('revokes at the provider, deletes at Composio, and says what died; again, it is gone already', async () => {
      const owner = someone();
      const id = await revocable(owner, 'slack');
      const removal = await suite.port.removeAccount({ id, owner, revoke: true }, interactive);
      expect(removal).toEqual({
        revoke: 'revoked',
        revokedTokens: ['access_token', 'refresh_token'],
        revokeJobId: null,
        remove: 'deleted',
      });
      expect(await suite.port.removeAccount({ id, owner, revoke: false }, interactive)).toMatchObject({
        revoke: 'not-asked',
        remove: 'already-gone',
      });
    });

    it.each([
      ['slack', 'REVOKED', 'already-revoked', 'already-revoked'],
      ['gmail', 'ACTIVE', 'not-supported', 'not-supported'],
      ['github', 'ACTIVE', 'queued', 'failed'],
      ['slack', 'EXPIRED', 'queued', 'failed'],
    ])('of %s that is %s says: %s (%s by the old API), and deletes it', async (app, status, core, legacy) => {
      const owner = someone();
      const id = await revocable(owner, app, status);
      const removal = await suite.port.removeAccount({ id, owner, revoke: true }, interactive);
      expect(removal).toMatchObject({ revoke: suite.driver === 'core' ? core : legacy, revokedTokens: [], remove: 'deleted' });
      expect(removal.revokeJobId === null).toBe(removal.revoke !== 'queued');
    });

    it('only deletes a superseded one: a revocation could end the new one, too', async () => {
      const owner = someone();
      const id = await suite.account(owner);
      const requests = await emulator.requestsOf(() => suite.port.removeAccount({ id, owner, revoke: false }, interactive));
      expect(requests.map(({ method }) => method)).toEqual(['GET', 'DELETE']);
    });

    it("leaves somebody else's alone", async () => {
      const owner = someone();
      const id = await suite.account(owner);
      const requests = await emulator.requestsOf(() =>
        expect(suite.port.removeAccount({ id, owner: someone(), revoke: true }, interactive)).rejects.toThrow(OwnerMismatch),
      );
      expect(requests.map(({ method }) => method)).toEqual(['GET']);
      expect((await suite.port.getAccount({ id, owner }, interactive)).status).toBe('ACTIVE');
    });

    it('does not say "deleted" when it does not know', async () => {
      const owner = someone();
      const id = await suite.account(owner);
      await emulator.fault({ method: 'DELETE', account: id }, { reset: 'after' }, { times: 1 });
      await expect(suite.port.removeAccount({ id, owner, revoke: false }, interactive)).rejects.toMatchObject({
        name: 'OutcomeUnknown',
        executed: 'unknown',
      });
      expect(await suite.port.removeAccount({ id, owner, revoke: false }, interactive)).toMatchObject({ remove: 'already-gone' });
    });
  });
}
