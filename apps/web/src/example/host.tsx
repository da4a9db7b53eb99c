import { ApiProblem, useConnections } from '@gatehouse/react';
import { AppPage, IntegrationsPage, type Way } from '@gatehouse/react/integrations';
import { useSyncExternalStore } from 'react';

const listen = (changed: () => void) => {
  addEventListener('hashchange', changed);
  return () => removeEventListener('hashchange', changed);
};
const hash = () => decodeURIComponent(location.hash.slice(1));

/** This product finds its pages by the hash; ours are told so, and make their links accordingly. */
const way: Way = { href: (app = '') => `#${encodeURIComponent(app)}` };

/** The page of a product that has settings of its own, and among them ours. */
export function Host() {
  const app = useSyncExternalStore(listen, hash);
  return (
    <>
      <header>
        <strong>Lighthouse Desk</strong>
        <Connected />
      </header>
      <main>{app ? <AppPage key={app} app={app} way={way} /> : <IntegrationsPage way={way} />}</main>
    </>
  );
}

/** Made of the hook alone, in the product's own look. */
function Connected() {
  const { data: connections = [], error } = useConnections();
  if (error instanceof ApiProblem && error.status === 401) return <a href="/auth/sign-in">Sign in</a>;
  const active = connections.filter(({ status }) => status === 'active');
  return (
    <ul aria-label="Works with">
      {active.map(({ id, app, accountLabel }) => (
        <li key={id} title={accountLabel ?? undefined}>
          {app}
        </li>
      ))}
    </ul>
  );
}
