import '@mantine/core/styles.css';
import './shell/look.css';
import { GatehouseProvider } from '@gatehouse/react';
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { createRoot } from 'react-dom/client';
import { IntlProvider } from 'react-intl';
import { client, queries } from './api.js';
import { router } from './routes.js';
import { contrast, localeOf, nonce, theme } from './shell/theme.js';
import { directionOf, language, load, words } from './words/index.js';

const wanted = language();
await load('first');
const root = document.documentElement;
root.lang = localeOf(wanted);
root.dir = directionOf(wanted);
const colours = localStorageColorSchemeManager({ key: 'gatehouse.theme' });

createRoot(document.getElementById('root') as HTMLElement).render(
  <IntlProvider locale={localeOf(wanted)} messages={words}>
    <MantineProvider
      theme={theme}
      colorSchemeManager={colours}
      defaultColorScheme="auto"
      getStyleNonce={nonce}
      cssVariablesResolver={contrast}
    >
      <QueryClientProvider client={queries}>
        <GatehouseProvider client={client}>
          <RouterProvider router={router} />
        </GatehouseProvider>
      </QueryClientProvider>
    </MantineProvider>
  </IntlProvider>,
);
