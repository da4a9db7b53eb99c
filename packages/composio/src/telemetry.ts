import { Misconfigured } from './errors.js';

/**
 * The SDKs read this variable themselves, at import: without it the legacy one sends the API key, entity ids and whole arguments to a third
 * party, and starts a child process with the key in its arguments.
 */
export function refuseTelemetry(env: NodeJS.ProcessEnv = process.env): void {
  if (env.TELEMETRY_DISABLED !== 'true') {
    throw new Misconfigured('TELEMETRY_DISABLED must be "true": the Composio SDKs would send keys and arguments elsewhere');
  }
}
