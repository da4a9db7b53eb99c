import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const INSTALLED = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];
const HELP = 'Install Chrome or Chromium, or set CHROMIUM_PATH to one.';

/** A headless Chromium: CHROMIUM_PATH, else an installed one, else the one that comes with the install on Linux x64. */
export async function launch(): Promise<Browser> {
  const named = process.env.CHROMIUM_PATH;
  if (named && !existsSync(named)) throw new Error(`CHROMIUM_PATH names ${named}, and there is nothing. ${HELP}`);
  const path = named || INSTALLED.find((file) => existsSync(file));
  const { executablePath, args } = path ? { executablePath: path, args: [] } : await bundled();
  return chromium
    .launch({ executablePath, args: [...args, '--disable-dev-shm-usage'], headless: true, chromiumSandbox: false })
    .catch((error: unknown) => {
      throw new Error(`Chromium does not start (${executablePath}). ${HELP}`, { cause: error });
    });
}

async function bundled(): Promise<{ executablePath: string; args: string[] }> {
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error(`There is no Chromium for the browser tests. ${HELP}`);
  process.env.AWS_LAMBDA_JS_RUNTIME ??= 'nodejs22.x'; // before the import: only then does it bring the libraries that a bare machine lacks
  const { default: packed } = await import('@sparticuz/chromium');
  // Of its arguments those that a desktop has: `--single-process` would make one closed page end them all.
  const args = packed.args.filter(
    (arg) => !/^--(single-process|headless|no-zygote|disable-web-security|user-agent|allow-running)/.test(arg),
  );
  return { executablePath: await packed.executablePath(), args };
}
