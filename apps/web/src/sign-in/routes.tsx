import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { RootRoute } from '../routes.js';

const token = (search: Record<string, unknown>) => ({ token: typeof search.token === 'string' ? search.token : '' });

export const signInRoutes = (root: RootRoute) =>
  [
    createRoute({
      getParentRoute: () => root,
      path: '/auth/sign-in',
      component: lazyRouteComponent(() => import('./sign-in.js'), 'SignIn'),
    }),
    createRoute({
      getParentRoute: () => root,
      path: '/auth/sign-up',
      component: lazyRouteComponent(() => import('./sign-up.js'), 'SignUp'),
    }),
    createRoute({
      getParentRoute: () => root,
      path: '/auth/forgotten',
      component: lazyRouteComponent(() => import('./forgotten.js'), 'Forgotten'),
    }),
    createRoute({
      getParentRoute: () => root,
      path: '/auth/verify',
      validateSearch: token,
      component: lazyRouteComponent(() => import('./verify.js'), 'Verify'),
    }),
    createRoute({
      getParentRoute: () => root,
      path: '/auth/reset',
      validateSearch: token,
      component: lazyRouteComponent(() => import('./reset.js'), 'Reset'),
    }),
  ] as const;
