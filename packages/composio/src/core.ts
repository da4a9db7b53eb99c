import type { ComposioConfig } from './config.js';
import { Misconfigured } from './errors.js';
import type { ComposioAudit, ComposioPort } from './port.js';

export interface CoreDriver extends ComposioPort, ComposioAudit {}
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the methods follow
export class CoreDriver {
  constructor(_config: ComposioConfig) {
    throw new Misconfigured('this driver is not part of this version');
  }
}
