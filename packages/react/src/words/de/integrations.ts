import type { integrations as en } from '../en/integrations.js';

export const integrations: Record<keyof typeof en, string> = {
  'integrations.title': 'Integrationen',
};
