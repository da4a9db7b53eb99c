const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text that is HTML already; everything else is escaped when it is put into some. */
export class Html {
  constructor(readonly source: string) {}
}

const escapeHtml = (value: unknown): string => String(value ?? '').replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

const shown = (value: unknown): string =>
  value instanceof Html ? value.source : Array.isArray(value) ? value.map(shown).join('') : escapeHtml(value);

export const html = (parts: TemplateStringsArray, ...values: unknown[]): Html =>
  new Html(parts.reduce((whole, part, index) => whole + shown(values[index - 1]) + part));

const STYLE = new Html(`
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { margin: 0 auto; padding: 1.5rem; max-width: 72rem; }
  main.narrow { max-width: 30rem; margin: 8vh auto; }
  table { border-collapse: collapse; width: 100%; }
  th, td { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid #8884; overflow-wrap: anywhere; }
  form.inline { display: inline; }
  button, .button { font: inherit; padding: .35rem .8rem; border: 1px solid currentColor; border-radius: .4rem; background: none; color: inherit; cursor: pointer; text-decoration: none; }
  :focus-visible { outline: 3px solid #4a90e2; outline-offset: 2px; }
  .main { background: #1a56db; border-color: #1a56db; color: #fff; }
  .note { opacity: .75; font-size: .9rem; }
  fieldset { border: 1px solid #8886; border-radius: .4rem; margin: 1rem 0; }
  pre { white-space: pre-wrap; margin: 0; font-size: .85rem; }
`);

/** A whole page without scripts. */
export const page = (title: string, body: Html, options: { refreshSeconds?: number } = {}): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
${options.refreshSeconds ? html`<meta http-equiv="refresh" content="${options.refreshSeconds}">` : ''}
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>${body}</body>
</html>
`.source;

/** Nothing may run, be framed or be fetched. Forms may be answered by a redirect elsewhere, so `form-action` stays open. */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
};
