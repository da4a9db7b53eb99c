import { IntegrationsPage } from '@gatehouse/react/integrations';

export function Integrations() {
  return <IntegrationsPage />;
}
