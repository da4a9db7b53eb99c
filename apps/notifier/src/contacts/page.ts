const STYLE = `:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:36rem;margin:3rem auto;padding:0 1rem;overflow-wrap:anywhere}
button{min-height:44px;padding:.4rem 1rem;font:inherit}`;

/** A plain page, without a script. `body` is HTML of our own words. */
export function page(language: string, title: string, body: string): string {
  return `<!doctype html><html lang="${language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${title} · Gatehouse</title><style>${STYLE}</style><main><h1>${title}</h1>${body}</main></html>`;
}
