import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { ShellRoute } from '../routes.js';

export const approvalsRoutes = (shell: ShellRoute) =>
  [
    createRoute({
      getParentRoute: () => shell,
      path: '/approvals',
      component: lazyRouteComponent(() => import('./approvals.js'), 'Approvals'),
    }),
  ] as const;
