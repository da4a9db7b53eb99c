import { Misconfigured, OutcomeUnknown, RateLimited, Unavailable } from '../../src/errors.js';
import { emulator } from './emulator.js';
import { aCall } from './executing.js';
import { interactive, runs, type Suite } from './suite.js';

export function failing(suite: Suite): void {
  const { someone, pinned } = suite;
  const effects = async (callId: string) => (await emulator.control('GET', `effects?callId=${callId}`)).count as number;

  describe('when something goes wrong', () => {
    it.each<[string, object, number]>([
      ['500', { status: 500 }, 0],
      ['502', { status: 502, body: '<html>bad gateway</html>' }, 0],
      ['503', { status: 503 }, 0],
      ['504', { status: 504 }, 0],
      ['408', { status: 408 }, 0],
      ['a reset before', { reset: 'before' }, 0],
      ['a reset after it was done', { reset: 'after' }, 1],
      ['silence before', { noAnswer: 'before' }, 0],
      ['silence after it was done', { noAnswer: 'after' }, 1],
      ['half an answer', { garble: 'truncated' }, 1],
      ['a page instead of an answer', { garble: 'html' }, 1],
    ])('a tool call that meets %s is sent once and its outcome is unknown', async (_, effect, done) => {
      const call = aCall(await pinned(someone()));
      await emulator.fault({ path: 'execute' }, effect);
      const requests = await emulator.requestsOf(() =>
        expect(suite.port.executeTool(call, { ...runs, timeoutMs: 1_000 })).rejects.toThrow(OutcomeUnknown),
      );
      expect(requests).toHaveLength(1);
      expect(await effects(call.callId)).toBe(done);
    });

    it('a call that is given up is unknown once it was sent, and not sent when given up before', async () => {
      const account = await pinned(someone());
      await emulator.fault({ path: 'execute' }, { noAnswer: 'before' });
      const during = AbortSignal.timeout(300);
      await expect(suite.port.executeTool(aCall(account), { ...runs, signal: during })).rejects.toThrow(OutcomeUnknown);
      const requests = await emulator.requestsOf(() =>
        expect(suite.port.executeTool(aCall(account), { ...runs, signal: AbortSignal.abort() })).rejects.toThrow(Unavailable),
      );
      expect(requests).toEqual([]);
    });

    it('a redirect is not followed: it would carry the key, and the call, elsewhere', async () => {
      const account = await pinned(someone());
      await emulator.fault({ path: 'execute' }, { status: 307, headers: { location: 'http://127.0.0.2:9/steal' } });
      await expect(suite.port.executeTool(aCall(account), runs)).rejects.toMatchObject({ name: 'Misconfigured', status: 307 });
    });

    it('a 429 closes every budget for as long as it says, without a further request', async () => {
      const port = await suite.fresh();
      const account = await pinned(someone());
      await emulator.fault(
        { path: 'execute' },
        { status: 429, body: { message: 'Rate limit exceeded. Limit: 100' }, headers: { 'retry-after': '30', 'x-ratelimit': '100' } },
      );
      await expect(port.executeTool(aCall(account), runs)).rejects.toMatchObject({
        retryAfterMs: 30_000,
        origin: 'composio',
        executed: 'no',
      });
      const requests = await emulator.requestsOf(async () => {
        await expect(port.executeTool(aCall(account), runs)).rejects.toMatchObject({ name: 'RateLimited', origin: 'ours' });
        await expect(port.getAccount({ id: account.id }, interactive)).rejects.toThrow(RateLimited);
      });
      expect(requests).toEqual([]);
    });

    it('a 429 of the edge, without headers or JSON, is one, too', async () => {
      const port = await suite.fresh();
      await emulator.fault({ path: 'execute' }, { status: 429, body: '<html>slow down</html>' });
      await expect(port.executeTool(aCall(await pinned(someone())), runs)).rejects.toMatchObject({ retryAfterMs: 5_000, origin: 'edge' });
    });

    it('a wrong key is a fault of the operator', async () => {
      const account = await pinned(someone());
      await emulator.fault({}, { status: 401, body: { error: { message: 'Invalid API key', status: 401 } } });
      await expect(suite.port.executeTool(aCall(account), runs)).rejects.toMatchObject({ name: 'Misconfigured', executed: 'no' });
    });

    if (suite.driver === 'legacy') {
      it('a second key in one process is refused: the SDK would use it for the first one, too', async () => {
        await expect(suite.fresh({ COMPOSIO_API_KEY: 'emu_another' })).rejects.toThrow(Misconfigured);
      });
    }

    it('a call that finds nobody at the address was not executed, and may be made again', async () => {
      const account = await pinned(someone());
      await suite.wire.cut();
      await expect(suite.port.getAccount({ id: account.id }, interactive)).rejects.toThrow(Unavailable); // and no open connection is left
      await expect(suite.port.executeTool(aCall(account), runs)).rejects.toMatchObject({ name: 'Unavailable', executed: 'no' });
      await suite.wire.mend();
      expect(await suite.port.executeTool(aCall(account), runs)).toMatchObject({ ok: true });
    });
  });
}
