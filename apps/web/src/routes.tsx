import { createRootRoute, createRoute, createRouter, Outlet, redirect } from '@tanstack/react-router';
import { adminRoutes } from './admin/routes.js';
import { approvalsRoutes } from './approvals/routes.js';
import { inboxRoutes } from './inbox/routes.js';
import { runsRoutes } from './runs/routes.js';
import { integrationsRoutes } from './settings/integrations/routes.js';
import { notificationsRoutes } from './settings/notifications/routes.js';
import { goodbyeRoutes, privacyRoutes } from './settings/privacy/routes.js';
import { BrokenPage, NoPage } from './shell/broken-page.js';
import { Shell } from './shell/shell.js';
import { takeThen } from './shell/signed-out.js';
import { signInRoutes } from './sign-in/routes.js';

const root = createRootRoute({ component: Outlet, errorComponent: BrokenPage, notFoundComponent: NoPage });

/** All that a signed-in person sees is inside. */
const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: Shell });
export type ShellRoute = typeof shell;
export type RootRoute = typeof root;

const home = createRoute({
  getParentRoute: () => shell,
  path: '/',
  beforeLoad: () => {
    throw redirect({ href: takeThen() ?? '/settings/integrations', replace: true });
  },
});

/** The pages: a line for each folder. A route exists when its page does. */
const tree = root.addChildren([
  ...signInRoutes(root),
  ...goodbyeRoutes(root),
  shell.addChildren([
    home,
    ...integrationsRoutes(shell),
    ...runsRoutes(shell),
    ...approvalsRoutes(shell),
    ...inboxRoutes(shell),
    ...notificationsRoutes(shell),
    ...privacyRoutes(shell),
    ...adminRoutes(shell),
  ]),
]);

export const router = createRouter({
  routeTree: tree,
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultErrorComponent: BrokenPage,
  defaultNotFoundComponent: NoPage,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
