import { routes } from '@gatehouse/contracts';
import { upstreamOf } from './upstreams.js';

const OWN = new Set(['/auth/sign-in', '/auth/sign-out', '/v1/stream']);

describe('the map of paths', () => {
  it.each(routes.map((route) => [`${route.method.toUpperCase()} ${route.path}`, route] as const))('knows the owner of %s', (_, route) => {
    const upstream = upstreamOf(route.method.toUpperCase(), route.path.replaceAll(/\{\w+\}/g, 'x'));
    if (OWN.has(route.path)) expect(upstream).toBeUndefined();
    else expect(upstream).toMatchObject({ app: route.app, for: route.by });
  });

  it.each([
    ['GET', '/livez'],
    ['GET', '/metrics'],
    ['GET', '/v1'],
    ['GET', '/v1/unknown'],
    ['GET', '/v1/connectionsx'],
    ['GET', '/v1/../v1/me'],
    ['GET', '/v1/runs/%2e%2e/me'],
    ['GET', '/v1/runs/./x'],
    ['GET', '//v1/me'],
    ['GET', '/v1//me'],
    ['GET', '/v1\\me'],
    ['GET', '/auth/verify-email'], // GET changes nothing
    ['POST', '/auth/sign-in/email'], // would hand out the session handle
    ['POST', '/auth/access-token'],
    ['POST', '/auth/jwks'],
    ['GET', '/webhooks/composio'],
    ['POST', '/webhooks/other'],
    ['GET', '/admin/connections'],
    ['GET', '/admin/gateway/x'],
    ['GET', '/admin'],
  ])('leaves %s %s to nobody', (method, path) => {
    expect(upstreamOf(method, path)).toBeUndefined();
  });

  it('turns the admin path of an app into its own', () => {
    expect(upstreamOf('POST', '/admin/agent-runner/runs/x')).toEqual({ app: 'agent-runner', for: 'operator', path: '/admin/runs/x' });
  });

  it('passes an escaped user id on as it came', () => {
    expect(upstreamOf('DELETE', '/v1/users/a%2Fb')).toMatchObject({ app: 'identity', path: '/v1/users/a%2Fb' });
  });
});
