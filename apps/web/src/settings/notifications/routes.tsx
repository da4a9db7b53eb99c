import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { ShellRoute } from '../../routes.js';
import { withWords } from '../../words/index.js';

export const notificationsRoutes = (shell: ShellRoute) =>
  [
    createRoute({
      getParentRoute: () => shell,
      path: '/settings/notifications',
      component: lazyRouteComponent(() => withWords('pages', import('./notifications.js')), 'Notifications'),
    }),
  ] as const;
