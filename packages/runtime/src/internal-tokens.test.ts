import { generateKeyPairSync } from 'node:crypto';
import { type JWTHeaderParameters, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { keysOf } from '../test/keys.js';
import { INTERNAL_TYPE, InternalTokens } from './internal-tokens.js';

const keys = keysOf('connections', 'gateway', 'agent-runner');
const [here, gateway, runner] = (['connections', 'gateway', 'agent-runner'] as const).map((app) => new InternalTokens(keys.config(app)));
const now = () => Math.floor(Date.now() / 1000);

function forge(
  claims: Partial<JWTPayload> = {},
  header: Partial<JWTHeaderParameters> = {},
  key = keys.privateKey('gateway'),
): Promise<string> {
  const whole = {
    iss: 'gateway',
    aud: 'connections',
    sub: 'ana',
    kind: 'user',
    roles: [],
    jti: 'x',
    iat: now(),
    exp: now() + 60,
    ...claims,
  };
  return new SignJWT(whole).setProtectedHeader({ alg: 'EdDSA', typ: INTERNAL_TYPE, kid: 'gateway', ...header }).sign(key);
}

describe('a token between our apps', () => {
  it('says who calls and for whom, to the app it was made for', async () => {
    const token = await gateway?.sign('connections', { kind: 'operator', id: 'olga', roles: ['operator'] });
    expect(await here?.verify(token ?? '')).toEqual({ kind: 'operator', id: 'olga', roles: ['operator'], caller: 'gateway' });
    expect(await here?.verify((await runner?.sign('connections', { kind: 'none' })) ?? '')).toMatchObject({
      kind: 'none',
      id: '',
      caller: 'agent-runner',
    });
    expect(await here?.verify(await forge())).toMatchObject({ id: 'ana' });
  });

  const bad: [string, () => Promise<string> | string][] = [
    ['no token', () => 'garbage'],
    ['alg none', () => new UnsecuredJWT({ iss: 'gateway', aud: 'connections', sub: 'ana', kind: 'user', jti: 'x' }).encode()],
    ['for another app', () => forge({ aud: 'identity' })],
    ['of another type', () => forge({}, { typ: 'at+jwt' })],
    ['without a type', () => forge({}, { typ: undefined as never })],
    ['expired', () => forge({ iat: now() - 120, exp: now() - 60 })],
    ['with a long life', () => forge({ iat: now() - 120, exp: now() + 3600 })],
    ['from the future', () => forge({ iat: now() + 600, exp: now() + 660 })],
    ['without an expiry', () => forge({ exp: undefined })],
    ['without an id of its own', () => forge({ jti: undefined })],
    ['for a user without an id', () => forge({ sub: undefined })],
    ['for nobody, with an id', () => forge({ kind: 'none' })],
    ['of an unknown kind', () => forge({ kind: 'root' })],
    ['of another app that calls itself gateway', () => forge({}, { kid: 'agent-runner' }, keys.privateKey('agent-runner'))],
    ['of an unknown key', () => forge({}, { kid: 'nobody' })],
    ['signed by a stranger', () => forge({}, {}, generateKeyPairSync('ed25519').privateKey)],
    [
      'with the signature of another',
      async () => `${(await forge({ sub: 'ben' })).split('.').slice(0, 2).join('.')}.${(await forge()).split('.')[2]}`,
    ],
  ];
  it.each(bad)('is refused: %s', async (_, make) => {
    await expect(here?.verify(await make())).rejects.toMatchObject({ code: 'unauthenticated', status: 401 });
  });
});
