import '@mantine/core/styles.css';
import './host.css';
import { GatehouseProvider } from '@gatehouse/react';
import { en } from '@gatehouse/react/words/en';
import { MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createRoot } from 'react-dom/client';
import { IntlProvider } from 'react-intl';
import { Host } from './host.js';

/** The value of the gateway's policy; a host with another policy, or none, leaves it out. */
const nonce = () => document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
Object.assign(globalThis, { __webpack_nonce__: nonce() }); // where what keeps the page still behind a dialog looks for it

// A product that is not ours, at the gateway's own origin, so that the session cookie says who asks. Elsewhere: client={{ baseUrl, token }}.
createRoot(document.getElementById('root') as HTMLElement).render(
  <IntlProvider locale="en" messages={en}>
    <MantineProvider defaultColorScheme="light" getStyleNonce={nonce}>
      <QueryClientProvider client={new QueryClient()}>
        <GatehouseProvider client={{}}>
          <Host />
        </GatehouseProvider>
      </QueryClientProvider>
    </MantineProvider>
  </IntlProvider>,
);
