import { EncryptJWT } from 'jose';
import type { Browser } from 'playwright-core';
import type { Person } from '../person.js';
import { type Running, startSystem } from '../stack.js';
import { launch } from './chromium.js';
import { Visitor, type VisitorOptions } from './visitor.js';

const SESSION_SECONDS = 600;

/** A whole system and one browser for a test file. */
export interface BrowserStage extends Running {
  browser: Browser;
  /** A browser in which nobody is signed in. */
  visitor(options?: VisitorOptions): Promise<Visitor>;
  /** A browser in which this user is signed in, for ten minutes, without the sign-in pages: those have a test of their own. */
  signedIn(person: Person, options?: VisitorOptions): Promise<Visitor>;
}

export async function openStage(options: { env?: Record<string, string> } = {}): Promise<BrowserStage> {
  const limits = { RATE_LIMIT_PER_MINUTE: '100000', RATE_LIMIT_ADDRESS_PER_MINUTE: '100000' };
  const { WEB_DIR } = process.env; // another build of the pages than that of this tree
  const [browser, system] = await Promise.all([launch(), startSystem({ env: { ...limits, ...(WEB_DIR && { WEB_DIR }), ...options.env } })]);
  const visitor = (wishes?: VisitorOptions) => Visitor.arrive(browser, system.gateway, wishes);
  return {
    ...system,
    browser,
    visitor,
    signedIn: async (person, wishes) => {
      const arrived = await visitor(wishes);
      const value = await sessionOf(system, person.id);
      // Chromium takes a Secure cookie from http://localhost, but not through this door: cookies know no scheme.
      const url = system.gateway.replace(/^http:/, 'https:');
      await arrived.context.addCookies([{ name: '__Host-session', value, url, secure: true, httpOnly: true, sameSite: 'Lax' }]);
      return arrived;
    },
    stop: async () => {
      await browser.close();
      await system.stop();
    },
  };
}

/** The gateway's own cookie, sealed with its key: handle and token, here of the product's sign-in. */
async function sessionOf({ stack, issuer }: Running, userId: string): Promise<string> {
  const [key] = stack.secrets.sessionKeys;
  if (!key) throw new Error('the stack has no sealing key');
  return new EncryptJWT({ handle: 'product', token: await issuer.token(userId) })
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: key.kid })
    .setAudience('session')
    .setExpirationTime(`${SESSION_SECONDS}s`)
    .encrypt(new Uint8Array(Buffer.from(key.key, 'base64url')));
}
