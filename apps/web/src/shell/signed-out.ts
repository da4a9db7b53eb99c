/** Where to go on after signing in: a path of our own, kept in this tab only, so that no address can be smuggled in from outside. */
const THEN = 'gatehouse.then';

/** The session is over: to the sign-in page, and afterwards back here. */
export function signedOut(): void {
  const { pathname, search } = location;
  if (pathname.startsWith('/auth/')) return;
  keep(pathname + search);
  location.assign('/auth/sign-in');
}

function keep(path: string): void {
  try {
    sessionStorage.setItem(THEN, path);
  } catch {
    // without storage one starts at the first page
  }
}

/** The path to go on to, once; undefined when there is none, or one that is not ours. */
export function takeThen(): string | undefined {
  try {
    const path = sessionStorage.getItem(THEN) ?? '';
    sessionStorage.removeItem(THEN);
    return /^\/(?![/\\])/.test(path) && !path.startsWith('/auth/') ? path : undefined;
  } catch {
    return undefined;
  }
}
