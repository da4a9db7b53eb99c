import { AppPage } from '@gatehouse/react/integrations';
import { useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useWindowTitle } from '../../shell/page.js';
import { useSay } from '../../words/say.js';
import { useWay } from './way.js';

export function App() {
  const say = useSay();
  const { app } = useParams({ from: '/shell/settings/integrations/$app' });
  const [name, setName] = useState<string>();
  useWindowTitle(name ?? say('integrations.title'));
  return <AppPage key={app} app={app} way={useWay()} onName={setName} />;
}
