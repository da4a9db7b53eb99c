import { ApiProblem } from '@gatehouse/react';
import { ProblemNote } from '@gatehouse/react/parts';
import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useSay } from '../words/say.js';
import { Page } from './page.js';

/** In place of a page that failed: what it means, and two ways on. */
export function BrokenPage({ error }: { error: unknown }) {
  const say = useSay();
  return (
    <Page title={say('problem.page')}>
      <ProblemNote error={error} retry={() => location.reload()} />
      <Home />
    </Page>
  );
}

const NOT_FOUND = new ApiProblem(404, { code: 'not_found' });

/** An address that leads nowhere. */
export function NoPage() {
  const say = useSay();
  return (
    <Page title={say('problem.page')}>
      <ProblemNote error={NOT_FOUND} />
      <Home />
    </Page>
  );
}

function Home() {
  const say = useSay();
  return (
    <Anchor component={Link} to="/">
      {say('problem.home')}
    </Anchor>
  );
}
