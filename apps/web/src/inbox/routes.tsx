import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { ShellRoute } from '../routes.js';

export const inboxRoutes = (shell: ShellRoute) =>
  [
    createRoute({
      getParentRoute: () => shell,
      path: '/inbox',
      component: lazyRouteComponent(() => import('./inbox.js'), 'Inbox'),
    }),
  ] as const;
