import { pages, render } from './pages.js';

const ID = '0190c0de-0000-7000-8000-000000000001';

describe('a callback page', () => {
  it('shows what came from outside as text, never as markup', () => {
    const { html } = render(pages.confirm('https://app.example.com', `"><script>alert(1)</script>`, '<b>Slack</b>', `ana'"&<`));
    expect(html).not.toContain('<script');
    expect(html).not.toContain('<b>');
    expect(html).toContain('value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"');
  });

  it('runs its one script by a nonce that its policy names, fresh each time', () => {
    const [one, two] = [render(pages.finishing('session_1', ID)), render(pages.finishing('session_1', ID))];
    const nonce = /script nonce="([^"]+)"/.exec(one.html)?.[1];
    expect(one.headers['content-security-policy']).toContain(`script-src 'nonce-${nonce}'`);
    expect(two.html).not.toContain(nonce);
  });

  it('keeps the session out of other hands: no referrer, no cache, no frame', () => {
    expect(render(pages.finishing('session_1', ID)).headers).toMatchObject({
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
    });
  });

  it('tells the page that waits to look again, and nothing more', () => {
    const { html } = render(pages.connected('https://app.example.com', 'Slack', ID));
    expect(html).toContain(`new BroadcastChannel("connect:${ID}");`);
    expect(html.match(/postMessage/g)).toHaveLength(1);
    expect(render(pages.alreadyUsed('https://app.example.com')).html).not.toContain('<script');
  });
});
