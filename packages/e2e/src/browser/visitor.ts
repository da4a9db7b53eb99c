import { routes } from '@gatehouse/contracts';
import type { Browser, BrowserContext, BrowserContextOptions, Page, Response } from 'playwright-core';

/** Wishes for a visitor's browser. `colorScheme` and `viewport` are Playwright's. */
export interface VisitorOptions extends Pick<BrowserContextOptions, 'colorScheme' | 'viewport' | 'hasTouch' | 'isMobile' | 'userAgent'> {
  language?: 'en' | 'de' | 'en-XA';
  theme?: 'light' | 'dark';
}

const LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>';
/** What Chromium itself writes when an answer is 4xx or 5xx, or the network is gone: the pages say that in their own words. */
const NETWORK = /^Failed to load resource:/;

/** A browser of one person, with cookies and storage of its own. Every page of it is watched: what it complains about fails the test. */
export class Visitor {
  readonly complaints: string[] = [];

  private constructor(
    readonly context: BrowserContext,
    private readonly origin: string,
  ) {}

  static async arrive(browser: Browser, origin: string, options: VisitorOptions = {}): Promise<Visitor> {
    const { language = 'en', theme, ...rest } = options;
    const locale = language === 'de' ? 'de-DE' : 'en-GB';
    const context = await browser.newContext({ baseURL: origin, locale, timezoneId: 'Europe/Berlin', reducedMotion: 'reduce', ...rest });
    context.setDefaultTimeout(15_000);
    const kept = { 'gatehouse.language': language, ...(theme && { 'gatehouse.theme': theme }) };
    await context.addInitScript((entries: [string, string][]) => {
      if (!['http:', 'https:'].includes(location.protocol)) return;
      for (const [name, value] of entries) if (localStorage.getItem(name) === null) localStorage.setItem(name, value);
    }, Object.entries(kept));
    // No test leaves this machine.
    await context.route('https://logos.composio.dev/**', (route) => route.fulfill({ contentType: 'image/svg+xml', body: LOGO }));
    const visitor = new Visitor(context, origin);
    context.on('page', (page) => visitor.watch(page));
    return visitor;
  }

  /** Opens a page of ours in a new tab. */
  async open(path: string): Promise<Page> {
    const page = await this.context.newPage();
    await page.goto(path);
    return page;
  }

  /** Ends the browser of this person; throws with all that its pages complained about. */
  async leave(): Promise<void> {
    await this.context.close();
    if (this.complaints.length) throw new Error(`the pages complained:\n${this.complaints.join('\n')}`);
  }

  private watch(page: Page): void {
    const note = (what: string) => {
      if (page.url().startsWith(this.origin)) this.complaints.push(`${new URL(page.url()).pathname}: ${what.slice(0, 500)}`);
    };
    // A breach of the content security policy is an error of the console, too.
    page.on('console', (message) => {
      if ((message.type() === 'error' || message.type() === 'warning') && !NETWORK.test(message.text())) note(message.text());
    });
    page.on('pageerror', (error) => note(String(error)));
    page.on('response', (response) => {
      if (response.url().startsWith(this.origin)) void unlike(response).then((what) => what && this.complaints.push(what));
    });
  }
}

/** How an answer of the gateway differs from what the contract says; undefined when it does not, or is none of its routes. */
async function unlike(response: Response): Promise<string | undefined> {
  const path = new URL(response.url()).pathname;
  const method = response.request().method();
  const route = routes.find((one) => one.method.toUpperCase() === method && patternOf(one.path).test(path));
  if (!route?.response || route.contentType || !response.ok()) return undefined;
  const body: unknown = await response.json().catch(() => undefined); // the page may be gone by now
  const { error } = body === undefined ? {} : route.response.safeParse(body);
  return error && `${method} ${path} does not answer as its contract says: ${error.message.slice(0, 300)}`;
}

const patternOf = (path: string): RegExp => new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`);
