import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { ShellRoute } from '../routes.js';

const CONVERSATION = /^[!-~]{1,200}$/;

export const runsRoutes = (shell: ShellRoute) =>
  [
    createRoute({
      getParentRoute: () => shell,
      path: '/runs',
      validateSearch: ({ conversation }: Record<string, unknown>): { conversation?: string } =>
        typeof conversation === 'string' && CONVERSATION.test(conversation) ? { conversation } : {},
      component: lazyRouteComponent(() => import('./runs.js'), 'Runs'),
    }),
    createRoute({ getParentRoute: () => shell, path: '/runs/$id', component: lazyRouteComponent(() => import('./run.js'), 'Run') }),
  ] as const;
