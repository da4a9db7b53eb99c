import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { ShellRoute } from '../routes.js';
import { withWords } from '../words/index.js';

const CONVERSATION = /^[!-~]{1,200}$/;

export const runsRoutes = (shell: ShellRoute) =>
  [
    createRoute({
      getParentRoute: () => shell,
      path: '/runs',
      validateSearch: ({ conversation }: Record<string, unknown>): { conversation?: string } =>
        typeof conversation === 'string' && CONVERSATION.test(conversation) ? { conversation } : {},
      component: lazyRouteComponent(() => withWords('pages', import('./runs.js')), 'Runs'),
    }),
    createRoute({
      getParentRoute: () => shell,
      path: '/runs/$id',
      component: lazyRouteComponent(() => withWords('pages', import('./run.js')), 'Run'),
    }),
  ] as const;
