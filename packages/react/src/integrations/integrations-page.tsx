import { Button, Group, SegmentedControl, SimpleGrid, Stack, Text, TextInput, Title, VisuallyHidden } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMemo, useRef, useState } from 'react';
import { useAllApps, useApps, useAppsNamed, useConnect, useConnections } from '../hooks.js';
import { Skeletons, StaleBanner } from '../parts/list-frame.js';
import { ProblemNote } from '../parts/problem-note.js';
import { useSay } from '../parts/say.js';
import { type Entry, type Filter, type Groups, groups, meant } from './catalogue.js';
import { DeedsProvider } from './deeds.js';
import { EntryCard } from './entry-card.js';
import { quiet, root } from './look.js';
import type { Group as GroupName } from './state.js';
import { useSlash } from './use-slash.js';
import { useStateNews } from './use-state-news.js';
import { type Way, WayProvider } from './way.js';

const SEARCH_MS = 200;
const CARD_PX = 168;

interface IntegrationsPageProps {
  way?: Way;
  /** The heading of the page; a host that has one of its own leaves it out. */
  heading?: boolean;
}

/** Settings > Integrations: every app, what is connected, and what needs the person. */
export function IntegrationsPage({ way, heading = true }: IntegrationsPageProps) {
  const say = useSay();
  return (
    <WayProvider way={way}>
      <Stack gap="lg" style={root}>
        {heading && (
          <div>
            <Title order={1} size="h2">
              {say('integrations.title')}
            </Title>
            <Text c={quiet}>{say('integrations.lead')}</Text>
          </div>
        )}
        <DeedsProvider>
          <Catalogue />
        </DeedsProvider>
      </Stack>
    </WayProvider>
  );
}

function Catalogue() {
  const say = useSay();
  const [typed, setTyped] = useState('');
  const [find] = useDebouncedValue(typed, SEARCH_MS);
  const [filter, setFilter] = useState<Filter>('all');
  const box = useRef<HTMLInputElement>(null);
  useSlash(box);
  const connections = useConnections();
  const apps = useApps(find);
  const named = useAppsNamed((connections.data ?? []).map(({ app }) => app));
  const { attempts } = useConnect();
  const found = useMemo(
    () => groups({ listed: apps.rows ?? [], named: named.data ?? [], connections: connections.data ?? [], attempts }, find),
    [apps.rows, named.data, connections.data, attempts, find],
  );
  const news = useStateNews(found);
  const failed = connections.error ?? apps.error;
  const retry = () => {
    void connections.refetch();
    apps.retry();
  };
  const ready = connections.data && apps.rows;
  return (
    <Stack gap="lg">
      <Group gap="sm" align="end">
        <TextInput
          ref={box}
          type="search"
          label={say('integrations.search')}
          placeholder={say('integrations.search.hint')}
          value={typed}
          onChange={({ currentTarget }) => setTyped(currentTarget.value)}
          style={{ flex: '1 1 14rem' }}
        />
        <SegmentedControl
          aria-label={say('integrations.filter')}
          size="md"
          value={filter}
          onChange={(value) => setFilter(value as Filter)}
          style={{ maxWidth: '100%', overflowX: 'auto' }}
          data={[
            { value: 'all', label: say('integrations.filter.all') },
            { value: 'connected', label: say('integrations.filter.connected') },
            { value: 'attention', label: say('integrations.filter.attention') },
          ]}
        />
      </Group>
      <VisuallyHidden role="status">{news}</VisuallyHidden>
      {ready && failed && <StaleBanner retry={retry} />}
      {ready && <Found groups={found} filter={filter} find={find} onFind={setTyped} />}
      {!ready && failed && <ProblemNote error={failed} retry={retry} />}
      {!ready && !failed && <Skeletons count={4} height={CARD_PX} />}
      {ready && filter === 'all' && apps.hasOlder && (
        <Group justify="center">
          <Button variant="default" loading={apps.loadingOlder} onClick={apps.showOlder}>
            {say('integrations.more')}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

interface FoundProps {
  groups: Groups;
  filter: Filter;
  find: string;
  onFind: (name: string) => void;
}

const SHOWN: Readonly<Record<Filter, readonly GroupName[]>> = {
  all: ['attention', 'connected', 'available'],
  connected: ['connected'],
  attention: ['attention'],
};

function Found({ groups: all, filter, find, onFind }: FoundProps) {
  const say = useSay();
  const shown = SHOWN[filter].map((name) => ({ name, entries: all[name] })).filter(({ entries }) => entries.length);
  const count = shown.reduce((sum, { entries }) => sum + entries.length, 0);
  const isFirst = filter === 'all' && !find && !all.attention.length && !all.connected.length;
  const title = {
    attention: say('integrations.group.attention', { count: all.attention.length }),
    connected: say('integrations.group.connected'),
    available: say('integrations.group.available'),
  };
  return (
    <>
      <VisuallyHidden role="status">{say('list.count', { count })}</VisuallyHidden>
      {isFirst && <Text fw={600}>{say('integrations.first')}</Text>}
      {!count && <Nothing filter={filter} find={find} onFind={onFind} />}
      {shown.map(({ name, entries }) => (
        <Cards key={name} title={title[name]} entries={entries} />
      ))}
    </>
  );
}

function Cards({ title, entries }: { title: string; entries: Entry[] }) {
  return (
    <Stack component="section" gap="sm" aria-label={title}>
      <Title order={2} size="h4">
        {title}
      </Title>
      <SimpleGrid component="ul" cols={{ base: 1, md: 2 }} m={0} p={0} style={{ listStyle: 'none' }}>
        {entries.map((entry) => (
          <EntryCard key={entry.app} entry={entry} />
        ))}
      </SimpleGrid>
    </Stack>
  );
}

/** Nothing of this name, or in this group: what may have been meant. */
function Nothing({ filter, find, onFind }: Omit<FoundProps, 'groups'>) {
  const say = useSay();
  const { data: apps } = useAllApps(find !== '' && filter === 'all');
  const near = apps && meant(find, apps);
  if (!find || filter !== 'all')
    return <Text>{say(filter === 'attention' ? 'integrations.none.attention' : 'integrations.none.connected')}</Text>;
  if (!near) return <Text>{say('integrations.none', { name: find })}</Text>;
  return (
    <Group gap="xs">
      <Text>{say('integrations.none.meant', { name: find, app: near.name })}</Text>
      <Button variant="default" onClick={() => onFind(near.name)}>
        {say('integrations.none.show', { app: near.name })}
      </Button>
    </Group>
  );
}
