import { pages, render } from './pages.js';

describe('a callback page', () => {
  it('shows what came from outside as text, never as markup', () => {
    const { html } = render(pages.confirm('https://app.example.com', `"><script>alert(1)</script>`, '<b>Slack</b>', `ana'"&<`));
    expect(html).not.toContain('<script');
    expect(html).not.toContain('<b>');
    expect(html).toContain('value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"');
  });

  it('runs its one script by a nonce that its policy names, fresh each time', () => {
    const [one, two] = [render(pages.finishing('session_1')), render(pages.finishing('session_1'))];
    const nonce = /script nonce="([^"]+)"/.exec(one.html)?.[1];
    expect(one.headers['content-security-policy']).toContain(`script-src 'nonce-${nonce}'`);
    expect(two.html).not.toContain(nonce);
  });

  it('keeps the session out of other hands: no referrer, no cache, no frame', () => {
    expect(render(pages.finishing('session_1')).headers).toMatchObject({
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
    });
  });
});
