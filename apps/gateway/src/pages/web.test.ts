import { isPage } from './web.js';

const html = 'text/html,application/xhtml+xml,*/*;q=0.8';

describe('which addresses are pages of the web app', () => {
  it.each([
    '/',
    '/settings/integrations',
    '/settings/integrations/slack',
    '/runs/0190',
    '/admin',
    '/admin/drift',
    '/auth/verify',
    '/no/such/page',
  ])('%s is one, for a browser that asks for a page', (path) => {
    expect(isPage({ method: 'GET', path, accept: html }, 'builtin')).toBe(true);
    expect(isPage({ method: 'GET', path, accept: '*/*' }, 'builtin')).toBe(false);
    expect(isPage({ method: 'POST', path, accept: html }, 'builtin')).toBe(false);
  });

  it.each([
    '/v1/runs',
    '/v1/unknown',
    '/connect/verify',
    '/auth/callback',
    '/auth/back',
    '/auth/jwks',
    '/webhooks/composio',
    '/openapi.json',
    '/assets/gone.js',
    '/livez',
    '/admin/auditor/drift',
  ])('%s is somebody else’s', (path) => {
    expect(isPage({ method: 'GET', path, accept: html }, 'builtin')).toBe(false);
  });

  it('leaves signing in to the provider where there is one', () => {
    expect(isPage({ method: 'GET', path: '/auth/sign-in', accept: html }, 'oidc')).toBe(false);
  });
});
