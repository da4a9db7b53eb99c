import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { ShellRoute } from '../routes.js';
import { withWords } from '../words/index.js';

export const approvalsRoutes = (shell: ShellRoute) =>
  [
    createRoute({
      getParentRoute: () => shell,
      path: '/approvals',
      component: lazyRouteComponent(() => withWords('pages', import('./approvals.js')), 'Approvals'),
    }),
  ] as const;
