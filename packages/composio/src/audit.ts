import type { ComposioConfig } from './config.js';
import type { ComposioAudit } from './port.js';
import { refuseTelemetry } from './telemetry.js';

/** Under this token the auditor provides its project-wide reader. */
export const COMPOSIO_AUDIT = Symbol('ComposioAudit');

/** Reads accounts of every user: for the auditor alone. Like `createComposio`, which may be used beside it in the same process. */
export async function createComposioAudit(config: ComposioConfig): Promise<ComposioAudit> {
  refuseTelemetry();
  if (config.COMPOSIO_DRIVER === 'legacy') {
    const { LegacyAudit } = await import('./legacy.js');
    return LegacyAudit.open(config);
  }
  const { CoreAudit } = await import('./core.js');
  return new CoreAudit(config);
}

export type { AccountFilter, ComposioAudit } from './port.js';
