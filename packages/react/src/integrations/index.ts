export { AppPage } from './app-page.js';
export { ConnectDialog } from './connect-dialog.js';
export { IntegrationsPage } from './integrations-page.js';
export type { Way } from './way.js';
