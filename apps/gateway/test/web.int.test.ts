import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { aStand, type Stand } from './stand.js';

const browser = { accept: 'text/html,*/*;q=0.8' };
const SCRIPT = 'export const big = 1;'.repeat(200);

describe('when a browser asks for a page', () => {
  let stand: Stand;
  const dir = mkdtempSync(join(tmpdir(), 'web-'));
  beforeAll(async () => {
    mkdirSync(join(dir, 'assets'));
    writeFileSync(join(dir, 'index.html'), '<meta property="csp-nonce" nonce="__CSP_NONCE__"><style nonce="__CSP_NONCE__"></style>');
    writeFileSync(join(dir, 'example.html'), 'another product <style nonce="__CSP_NONCE__"></style>');
    writeFileSync(join(dir, 'first.js'), '1');
    writeFileSync(join(dir, 'assets/index-abc.js'), SCRIPT);
    writeFileSync(join(dir, 'assets/index-abc.js.br'), brotliCompressSync(SCRIPT));
    stand = await aStand({ WEB_DIR: dir });
  });
  afterAll(async () => {
    await stand?.close();
    rmSync(dir, { recursive: true, force: true });
  });

  it('gets the one page at every address that is nobody else’s, never from a cache, under a policy of its own', async () => {
    const nonces = new Set<string>();
    for (const path of ['/', '/settings/integrations/slack', '/auth/sign-in', '/auth/verify?token=secret', '/no/such/page']) {
      const answer = await stand.fetch(path, { headers: browser });
      const [, nonce = ''] = /nonce="([^"]+)"><style/.exec(await answer.text()) ?? [];
      const policy = answer.headers.get('content-security-policy') ?? '';
      expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
      expect(policy).toContain(`style-src 'self' 'nonce-${nonce}'`);
      expect(policy).toContain("script-src 'self';");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('unsafe');
      nonces.add(nonce);
    }
    expect(nonces.size).toBe(5);
    expect(stand.seen).toEqual([]); // nobody was asked
  });

  it('gets the example of an embed at its address, under the same policy', async () => {
    const answer = await stand.fetch('/example', { headers: browser });
    const [, nonce] = /another product <style nonce="([^"]+)">/.exec(await answer.text()) ?? [];
    expect(nonce).toBeTruthy();
    expect(answer.headers.get('content-security-policy')).toContain(`'nonce-${nonce}'`);
  });

  it('gets files by their names: those with a hash for ever, compressed beforehand', async () => {
    const script = await stand.fetch('/assets/index-abc.js', { headers: { 'accept-encoding': 'br' } });
    expect(Object.fromEntries(script.headers)).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-encoding': 'br',
      'content-type': expect.stringContaining('javascript'),
    });
    expect(await script.text()).toBe(SCRIPT);
    expect((await stand.fetch('/first.js')).headers.get('cache-control')).toBe('no-cache');
  });

  it('is told by a 404 that a file of an older build is gone, or lies outside', async () => {
    for (const path of ['/assets/index-old.js', '/index.html', '/assets/..%2f..%2fpackage.json'])
      expect((await stand.fetch(path, { headers: browser })).status).toBe(404);
  });

  it('leaves the rest to whom it belongs', async () => {
    expect((await stand.fetch('/v1/connections', { headers: browser })).status).toBe(401);
    expect((await stand.fetch('/v1/unknown', { headers: browser })).status).toBe(404);
    expect((await stand.fetch('/connect/verify?session_uri=x', { headers: browser })).headers.get('location')).toBe('/auth/sign-in');
    expect((await stand.fetch('/settings/integrations')).headers.get('content-security-policy')).toContain("default-src 'none'");
  });
});
