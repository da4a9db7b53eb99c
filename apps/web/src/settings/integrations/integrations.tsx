import { IntegrationsPage } from '@gatehouse/react/integrations';
import { useWindowTitle } from '../../shell/page.js';
import { useSay } from '../../words/say.js';
import { useWay } from './way.js';

export function Integrations() {
  const say = useSay();
  useWindowTitle(say('integrations.title'));
  return <IntegrationsPage way={useWay()} />;
}
