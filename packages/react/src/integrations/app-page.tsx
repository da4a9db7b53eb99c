import { Anchor, Button, Group, Paper, Stack, Text, Title, VisuallyHidden } from '@mantine/core';
import { useEffect, useMemo } from 'react';
import { ApiProblem } from '../client.js';
import { useAppsNamed, useConnect, useConnections } from '../hooks.js';
import { Skeletons, StaleBanner } from '../parts/list-frame.js';
import { ProblemNote } from '../parts/problem-note.js';
import { useSay } from '../parts/say.js';
import { AccountRow } from './account-row.js';
import { AppLogo } from './app-logo.js';
import { type Entry, entryOf, unlisted } from './catalogue.js';
import { DeedsProvider, useDeeds } from './deeds.js';
import { EntryActions } from './entry-actions.js';
import { JustConnected } from './entry-card.js';
import { EntryLine } from './entry-line.js';
import { card, linkColour, root } from './look.js';
import { Recent } from './recent.js';
import { StateBadge } from './state-badge.js';
import { Tools } from './tools.js';
import { useStateNews } from './use-state-news.js';
import { useGo, type Way, WayProvider } from './way.js';

interface AppPageProps {
  app: string;
  way?: Way;
  /** Told the app's name as soon as it is known: for the title of the window. */
  onName?: (name: string) => void;
}

/** One app: its accounts, what agents may do there, and what they did. */
export function AppPage({ app, way, onName }: AppPageProps) {
  return (
    <WayProvider way={way}>
      <Stack gap="xl" style={root}>
        <Back />
        <DeedsProvider>
          <Content app={app} onName={onName} />
        </DeedsProvider>
      </Stack>
    </WayProvider>
  );
}

function Back() {
  const say = useSay();
  const { linkTo } = useGo();
  return (
    <Anchor c={linkColour} {...linkTo()} w="fit-content">
      <span aria-hidden="true">← </span>
      {say('integrations.back')}
    </Anchor>
  );
}

const NO_APP = new ApiProblem(404, { code: 'not_found' });

function Content({ app, onName }: Pick<AppPageProps, 'app'> & { onName: AppPageProps['onName'] }) {
  const connections = useConnections();
  const infos = useAppsNamed([app]);
  const { attempts } = useConnect();
  const info = infos.data?.find((one) => one.app === app);
  const name = info?.name;
  useEffect(() => {
    if (name) onName?.(name);
  }, [name, onName]);
  const error = connections.error ?? infos.error;
  const retry = () => void Promise.all([connections.refetch(), infos.refetch()]);
  if (!connections.data || !infos.data) return error ? <ProblemNote error={error} retry={retry} /> : <Skeletons count={3} height={160} />;
  if (!info && !connections.data.some((one) => one.app === app)) return <ProblemNote error={NO_APP} />;
  return (
    <>
      {error && <StaleBanner retry={retry} />}
      <Whole entry={entryOf(info ?? unlisted(app), connections.data, attempts)} />
    </>
  );
}

function Whole({ entry }: { entry: Entry }) {
  const say = useSay();
  const { attempts } = useConnect();
  const news = useStateNews(useMemo(() => ({ attention: [entry], connected: [], available: [] }), [entry]));
  const { app, info, connections, state } = entry;
  const attempt = attempts.get(app);
  return (
    <>
      <Group gap="sm">
        <AppLogo info={info} size={48} />
        <Title order={1} size="h2" style={{ overflowWrap: 'anywhere' }}>
          {info.name}
        </Title>
        <StateBadge state={state} />
      </Group>
      <VisuallyHidden role="status">{news}</VisuallyHidden>
      <Stack component="section" gap="sm" aria-label={say('integrations.app.accounts')}>
        <Title order={2} size="h4">
          {say('integrations.app.accounts')}
        </Title>
        {(state !== 'connected' || attempt) && (
          <Paper withBorder p="md" style={card} data-state={state}>
            <Stack gap="sm">
              <EntryLine entry={entry} attempt={attempt} />
              <JustConnected entry={entry} />
              {state !== 'connected' && <EntryActions entry={entry} attempt={attempt} />}
            </Stack>
          </Paper>
        )}
        {!connections.length && <Text>{say('integrations.app.no-accounts')}</Text>}
        {connections.map((connection) => (
          <AccountRow key={connection.id} info={info} connection={connection} only={connections.length === 1} />
        ))}
        <AddAccount entry={entry} />
      </Stack>
      <Tools app={app} />
      <Recent app={app} />
    </>
  );
}

/** From the second account on each has a name. */
function AddAccount({ entry: { app, info, connections } }: { entry: Entry }) {
  const say = useSay();
  const { connect } = useDeeds();
  if (!info.connectable || info.paused || !connections.some(({ connectedAt }) => connectedAt)) return null;
  return (
    <Button variant="default" w="fit-content" onClick={() => connect(info, { app }, true)}>
      {say('integrations.do.add')}
    </Button>
  );
}
