import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { ShellRoute } from '../../routes.js';

export const notificationsRoutes = (shell: ShellRoute) =>
  [
    createRoute({
      getParentRoute: () => shell,
      path: '/settings/notifications',
      component: lazyRouteComponent(() => import('./notifications.js'), 'Notifications'),
    }),
  ] as const;
