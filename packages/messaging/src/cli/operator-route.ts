import { readFileSync } from 'node:fs';
import { Failed, Usage } from './usage.js';

type Environment = Readonly<Record<string, string | undefined>>;
const TIMEOUT_MS = 15_000;

/** Asks a service by its operators' route at the gateway, `/admin/<service>/…`: what the service alone may decide is not done behind its back. */
export async function askService(env: Environment, method: 'GET' | 'POST', path: string, body?: object): Promise<unknown> {
  const { url, key } = doorOf(env);
  const answer = await fetch(new URL(`/admin${path}`, url), {
    method,
    redirect: 'error', // the key goes nowhere else
    signal: AbortSignal.timeout(TIMEOUT_MS),
    headers: { authorization: `Bearer ${key}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  }).catch((error: Error) => {
    throw new Failed(
      `Cannot reach the gateway (${url.host}): ${(error.cause as Error | undefined)?.message ?? error.message}. Is it running?`,
    );
  });
  const said = (await answer.json().catch(() => ({}))) as { detail?: string; title?: string };
  if (answer.ok) return said;
  if (answer.status === 401) throw new Failed(`The gateway (${url.host}) does not know this operator key.`);
  throw new Failed(said.detail ?? said.title ?? `The gateway (${url.host}) answers ${answer.status}.`);
}

function doorOf(env: Environment): { url: URL; key: string } {
  const { GATEHOUSE_URL: address = '', GATEHOUSE_OPERATOR_KEY_FILE: file } = env;
  if (!/^https?:/.test(address) || !URL.canParse(address)) throw new Usage('Set GATEHOUSE_URL to the gateway’s address, https://….');
  const key = env.GATEHOUSE_OPERATOR_KEY || (file && contentOf(file));
  if (!key) throw new Usage('Set GATEHOUSE_OPERATOR_KEY (or …_FILE) to an operator key.');
  return { url: new URL(address), key };
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    throw new Usage('GATEHOUSE_OPERATOR_KEY_FILE names a file that cannot be read.');
  }
}
