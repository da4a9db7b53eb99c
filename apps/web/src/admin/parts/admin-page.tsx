import './admin.css';
import { useMe } from '@gatehouse/react';
import { ProblemNote, Skeletons } from '@gatehouse/react/parts';
import { Alert, Button, Group } from '@mantine/core';
import { Link, useRouterState } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Page } from '../../shell/page.js';
import type { WordId } from '../../words/index.js';
import { useSay } from '../../words/say.js';

const PAGES: readonly { to: string; word: WordId }[] = [
  { to: '/admin/health', word: 'admin.health' },
  { to: '/admin/audit', word: 'admin.audit' },
  { to: '/admin/drift', word: 'admin.drift' },
  { to: '/admin/messaging', word: 'admin.messaging' },
  { to: '/admin/dead-letters', word: 'admin.letters' },
  { to: '/admin/runs', word: 'admin.runs' },
  { to: '/admin/users', word: 'admin.users' },
  { to: '/admin/switches', word: 'admin.switches' },
];
const SKELETON = 160; // pixels

/** A page for operators. Others are told so, and nothing is asked for them: the gateway would refuse it. */
export function AdminPage({ title, lead, children }: { title: string; lead?: string; children: ReactNode }) {
  const say = useSay();
  const { data: me, error, refetch } = useMe();
  const refused = me && !me.roles.includes('operator');
  return (
    <Page title={title} lead={!refused && lead}>
      {!me && (error ? <ProblemNote error={error} retry={() => void refetch()} /> : <Skeletons count={2} height={SKELETON} />)}
      {refused && (
        <Alert color="yellow" variant="light" role="alert">
          {say('admin.refused')}
        </Alert>
      )}
      {me && !refused && (
        <>
          <AdminNav />
          {children}
        </>
      )}
    </Page>
  );
}

function AdminNav() {
  const say = useSay();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  return (
    <Group component="nav" gap={4} aria-label={say('admin.nav')}>
      {PAGES.map(({ to, word }) => (
        <Button
          key={to}
          component={Link}
          to={to}
          size="compact-md"
          variant={path === to ? 'filled' : 'default'}
          aria-current={path === to ? 'page' : undefined}
        >
          {say(word)}
        </Button>
      ))}
    </Group>
  );
}
