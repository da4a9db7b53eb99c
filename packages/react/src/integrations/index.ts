export { AppPage } from './app-page.js';
export { IntegrationsPage } from './integrations-page.js';
export type { Way } from './way.js';
