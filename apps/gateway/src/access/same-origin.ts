import type { IncomingHttpHeaders } from 'node:http';

/**
 * Where a browser says the request comes from: our own pages, elsewhere, or it does not say (then it is no browser of these days).
 * A page with `no-referrer` posts `Origin: null`, so `Sec-Fetch-Site`, which no page can set, is asked first.
 */
export function comesFrom(headers: IncomingHttpHeaders, origin: string): 'here' | 'elsewhere' | 'unknown' {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' && fits(headers.origin, origin) ? 'here' : 'elsewhere';
  if (headers.origin === undefined) return 'unknown';
  return headers.origin === origin ? 'here' : 'elsewhere';
}

function fits(given: string | undefined, origin: string): boolean {
  return given === undefined || given === 'null' || given === origin;
}
