import { useMe } from '@gatehouse/react';
import { AppShell, Burger, Group, NavLink, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useSay } from '../words/say.js';
import { navEntries } from './nav.js';
import { OfflineBanner } from './offline-banner.js';
import { UserMenu } from './user-menu.js';

const HEADER = 60;

/** What is around every page of a signed-in person. */
export function Shell() {
  const say = useSay();
  const [open, { toggle, close }] = useDisclosure();
  const { data: me } = useMe();
  const main = useFocusOnNewPage(close);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const entries = navEntries.filter(({ role }) => !role || me?.roles.includes(role));
  return (
    <AppShell header={{ height: HEADER }} navbar={{ width: 230, breakpoint: 'sm', collapsed: { mobile: !open } }} padding="md">
      <a className="skip" href="#main">
        {say('shell.skip')}
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger
              opened={open}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-expanded={open}
              aria-label={say(open ? 'shell.nav.close' : 'shell.nav.open')}
            />
            <Title order={2} size="h4" component="p">
              {say('shell.name')}
            </Title>
          </Group>
          <UserMenu />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label={say('shell.nav')}>
        {entries.map(({ to, word, icon: Icon, badge: Badge }) => (
          <NavLink
            key={to}
            component={Link}
            to={to}
            label={say(word)}
            leftSection={<Icon size={20} stroke={1.6} aria-hidden />}
            rightSection={Badge && <Badge />}
            active={path === to || path.startsWith(`${to}/`)}
            aria-current={path === to ? 'page' : undefined}
          />
        ))}
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1} ref={main}>
        <OfflineBanner />
        <Outlet />
      </AppShell.Main>
    </AppShell>
  );
}

/** After a change of page the focus goes to its content, as a load of the page would do, and the menu of a phone closes. */
function useFocusOnNewPage(close: () => void) {
  const main = useRef<HTMLElement>(null);
  const path = useRouterState({ select: ({ resolvedLocation }) => resolvedLocation?.pathname });
  const first = useRef(path);
  useEffect(() => {
    if (first.current === undefined || path === first.current) {
      first.current ??= path;
      return;
    }
    first.current = '';
    close();
    main.current?.focus({ preventScroll: true });
  }, [path, close]);
  return main;
}
