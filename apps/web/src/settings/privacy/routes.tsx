import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import type { RootRoute, ShellRoute } from '../../routes.js';
import { withWords } from '../../words/index.js';

const APP = /^[a-z0-9][a-z0-9_-]{0,99}$/;
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
const only = (value: unknown, form: RegExp): string | undefined => (typeof value === 'string' && form.test(value) ? value : undefined);

export const privacyRoutes = (shell: ShellRoute) =>
  [
    createRoute({
      getParentRoute: () => shell,
      path: '/settings/privacy',
      validateSearch: (search: Record<string, unknown>): { app?: string | undefined; run?: string | undefined } => ({
        app: only(search.app, APP),
        run: only(search.run, UUID),
      }),
      component: lazyRouteComponent(() => withWords('pages', import('./privacy.js')), 'Privacy'),
    }),
  ] as const;

/** After the last word nobody is signed in: it stands outside of the shell. */
export const goodbyeRoutes = (root: RootRoute) =>
  [
    createRoute({
      getParentRoute: () => root,
      path: '/goodbye',
      component: lazyRouteComponent(() => withWords('pages', import('./goodbye.js')), 'Goodbye'),
    }),
  ] as const;
