import { randomBytes } from 'node:crypto';

/** A page for the person who comes back: what is true now, and one way on. Needs no script. */
export interface CallbackPage {
  status: number;
  title: string;
  text: string;
  /** A form that finishes connecting; `byItself` posts it without a click where scripts run. */
  form?: { sessionUri: string; button: string; byItself: boolean };
  links: { href: string; text: string }[];
  /** Tells the page that the person left: it looks again. Nothing else is told, and nothing is believed. */
  news?: { connectionId: string; what: 'returned' | 'over' };
}

const integrations = (publicUrl: string) => [{ href: `${publicUrl}/settings/integrations`, text: 'Back to Integrations' }];

export const pages = {
  connected: (publicUrl: string, app: string, connectionId: string): CallbackPage => ({
    status: 200,
    title: `${app} is connected`,
    text: `Your agent can use ${app} now. You can close this page.`,
    links: integrations(publicUrl),
    news: { connectionId, what: 'over' },
  }),
  finishing: (sessionUri: string, connectionId: string): CallbackPage => ({
    status: 200,
    title: 'Checking…',
    text: "Almost done. Confirming it's you.",
    form: { sessionUri, button: 'Finish', byItself: true },
    links: [],
    news: { connectionId, what: 'returned' },
  }),
  confirm: (publicUrl: string, sessionUri: string, app: string, account: string): CallbackPage => ({
    status: 200,
    title: `Connect ${app}?`,
    text: `You are signed in as ${account}. Connect ${app} to this account? You started this yourself, in the last 10 minutes. If you did not, do not go on.`,
    form: { sessionUri, button: 'Finish', byItself: false },
    links: [{ href: `${publicUrl}/settings/integrations`, text: "This wasn't me" }],
  }),
  signIn: (publicUrl: string): CallbackPage => ({
    status: 401,
    title: 'Please sign in',
    text: 'Sign in with the account that you started connecting with, then come back to this page and reload it. Nothing is connected yet.',
    links: [{ href: publicUrl, text: 'Sign in' }],
  }),
  alreadyUsed: (publicUrl: string): CallbackPage => ({
    status: 410,
    title: 'This link was already used',
    text: 'Nothing changed. Your connection is shown in Integrations as it is.',
    links: integrations(publicUrl),
  }),
  expired: (publicUrl: string): CallbackPage => ({
    status: 410,
    title: 'This link no longer works',
    text: 'It was used before, or that took more than 10 minutes. Start again in Integrations to get a new link.',
    links: integrations(publicUrl),
  }),
  notYou: (publicUrl: string): CallbackPage => ({
    status: 403,
    title: 'Blocked for safety',
    text: 'This was started by someone signed in differently, so we stopped it. Nothing was connected.',
    links: integrations(publicUrl),
  }),
  declined: (publicUrl: string, connectionId?: string): CallbackPage => ({
    status: 200,
    title: 'Not connected',
    text: 'You said no, or the provider did, so nothing changed.',
    links: integrations(publicUrl),
    ...(connectionId && { news: { connectionId, what: 'over' } }),
  }),
  checking: (publicUrl: string): CallbackPage => ({
    status: 200,
    title: 'Almost done',
    text: 'We are still confirming it. Integrations shows the result in a moment.',
    links: integrations(publicUrl),
  }),
  unreadable: (publicUrl: string): CallbackPage => ({
    status: 400,
    title: "We can't read this address",
    text: 'Something is missing from the address that brought you here. Nothing changed. Start again in Integrations.',
    links: integrations(publicUrl),
  }),
  trouble: (publicUrl: string): CallbackPage => ({
    status: 503,
    title: 'Something went wrong on our side',
    text: 'Nothing was connected yet. Go back to Integrations to see how it stands, and try again in a moment.',
    links: integrations(publicUrl),
  }),
};

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');

const STYLE = `:root{color-scheme:light dark}body{font:1rem/1.55 system-ui,sans-serif;margin:0 auto;max-width:27.5rem;padding:12vh 1rem 2rem;
color:light-dark(#000,#c9c9c9);background:light-dark(#fff,#242424);overflow-wrap:anywhere}
main{border:1px solid light-dark(#dee2e6,#424242);border-radius:.5rem;padding:1.25rem}h1{font-size:1.4rem;line-height:1.35;margin:0 0 .75rem}
button,a{display:inline-block;min-height:44px;margin-inline-end:1rem;font:inherit;line-height:44px}a{color:light-dark(#1864ab,#4dabf7)}
button{padding:0 1.25rem;border:0;border-radius:.25rem;color:#fff;background:#1864ab;cursor:pointer}:focus-visible{outline:2px solid;outline-offset:2px}`;

/** The headers keep the session out of logs of others, caches and frames; the address of the page holds it. */
export function render(page: CallbackPage): { html: string; headers: Record<string, string> } {
  const nonce = randomBytes(16).toString('base64');
  const form = page.form
    ? `<form method="post" action="/connect/complete"><input type="hidden" name="sessionUri" value="${escapeHtml(page.form.sessionUri)}">
<button type="submit">${escapeHtml(page.form.button)}</button></form>`
    : '';
  const script = scriptOf(page);
  const links = page.links.map(({ href, text }) => `<a href="${escapeHtml(href)}">${escapeHtml(text)}</a>`).join('\n');
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escapeHtml(page.title)}</title><style nonce="${nonce}">${STYLE}</style></head>
<body><main><h1>${escapeHtml(page.title)}</h1><p role="status">${escapeHtml(page.text)}</p>
${form}<p>${links}</p></main>${script && `<script nonce="${nonce}">${script}</script>`}</body></html>`;
  const csp = `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`;
  return {
    html,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': csp,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin-allow-popups',
    },
  };
}

/**
 * Goes on without a click, and tells the page that waits (`packages/react`, connecting.ts). A popup closes when that page, which opened it,
 * says so: providers cut the two apart, so that neither its opener nor its name tells what it is. Else the words on it say what to do.
 */
function scriptOf({ form, news }: CallbackPage): string {
  const lines = [];
  if (news) {
    const [channel, what] = [`connect:${news.connectionId}`, news.what].map((text) => JSON.stringify(text));
    lines.push(`const c=new BroadcastChannel(${channel});c.onmessage=(e)=>e.data==='close'&&window.close();c.postMessage(${what})`);
  }
  if (form?.byItself) lines.push('document.forms[0].submit()');
  return lines.join(';');
}
