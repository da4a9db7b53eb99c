import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { ShellRoute } from '../../routes.js';

export const integrationsRoutes = (shell: ShellRoute) =>
  [
    createRoute({
      getParentRoute: () => shell,
      path: '/settings/integrations',
      component: lazyRouteComponent(() => import('./integrations.js'), 'Integrations'),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: '/settings/integrations/$app',
      component: lazyRouteComponent(() => import('./app.js'), 'App'),
    }),
  ] as const;
