import type { ComposioConfig } from './config.js';
import type { ComposioPort } from './port.js';
import { refuseTelemetry } from './telemetry.js';

/** Under this token an app provides the port: `{ provide: COMPOSIO, useFactory: () => createComposio(config) }`. */
export const COMPOSIO = Symbol('Composio');

/**
 * The port of the configured driver. The SDK of the other one is never loaded. Makes no call. Throws `Misconfigured` when the SDKs'
 * telemetry is not switched off. One a process: the legacy SDK keeps its key and address in a global.
 */
export async function createComposio(config: ComposioConfig): Promise<ComposioPort> {
  refuseTelemetry();
  if (config.COMPOSIO_DRIVER === 'legacy') {
    const { LegacyDriver } = await import('./legacy.js');
    return LegacyDriver.open(config);
  }
  const { CoreDriver } = await import('./core.js');
  return new CoreDriver(config);
}
