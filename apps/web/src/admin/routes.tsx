import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import type { ShellRoute } from '../routes.js';
import { withWords } from '../words/index.js';

const PRINTABLE = /^[!-~]{1,200}$/;
const printable = (value: unknown): string | undefined => (typeof value === 'string' && PRINTABLE.test(value) ? value : undefined);

/** For operators. Each page is loaded when it is opened; charts come with the one page that has them. */
export const adminRoutes = (shell: ShellRoute) =>
  [
    createRoute({
      getParentRoute: () => shell,
      path: '/admin',
      beforeLoad: () => {
        throw redirect({ to: '/admin/health', replace: true });
      },
    }),
    createRoute({
      getParentRoute: () => shell,
      path: '/admin/health',
      component: lazyRouteComponent(() => withWords('operators', import('./health/health.js')), 'Health'),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: '/admin/audit',
      component: lazyRouteComponent(() => withWords('operators', import('./audit/audit.js')), 'Audit'),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: '/admin/drift',
      component: lazyRouteComponent(() => withWords('operators', import('./audit/drift.js')), 'Drift'),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: '/admin/messaging',
      component: lazyRouteComponent(() => withWords('operators', import('./events/messaging.js')), 'Messaging'),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: '/admin/dead-letters',
      component: lazyRouteComponent(() => withWords('operators', import('./events/dead-letters.js')), 'DeadLetters'),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: '/admin/runs',
      component: lazyRouteComponent(() => withWords('operators', import('./runs/admin-runs.js')), 'AdminRuns'),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: '/admin/users',
      validateSearch: (search: Record<string, unknown>): { user?: string | undefined } => ({ user: printable(search.user) }),
      component: lazyRouteComponent(() => withWords('operators', import('./users/user-timeline.js')), 'UserTimeline'),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: '/admin/switches',
      validateSearch: (search: Record<string, unknown>): { user?: string | undefined } => ({ user: printable(search.user) }),
      component: lazyRouteComponent(() => withWords('operators', import('./switches/switches.js')), 'Switches'),
    }),
  ] as const;
