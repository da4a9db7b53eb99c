import type { AppInfoView, ConnectionView } from '@gatehouse/contracts';
import { Button, Group, Paper, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useChangeConnection, useCheckConnection, useConnection } from '../hooks.js';
import { ForeignName } from '../parts/foreign-text.js';
import { useSay } from '../parts/say.js';
import { useDeeds } from './deeds.js';
import { card } from './look.js';
import { ReasonNote } from './reason-note.js';
import { RenameDialog } from './rename-dialog.js';
import { uiState } from './state.js';
import { StateBadge } from './state-badge.js';
import { useTimes } from './use-times.js';

interface AccountRowProps {
  info: AppInfoView;
  connection: ConnectionView;
  /** The only account of its app: nothing is to choose. */
  only: boolean;
}

/** One account: whose it is, its name, how it is, and what can be done about it. */
export function AccountRow({ info, connection, only }: AccountRowProps) {
  const say = useSay();
  const { day, ago } = useTimes();
  const { id, alias, accountLabel, connectedAt, lastCheckedAt, lastUsedAt, status } = connection;
  const facts = [
    connectedAt && say('integrations.line.since', { date: day(connectedAt) }),
    lastCheckedAt && say('integrations.line.checked', { ago: ago(lastCheckedAt) }),
    connectedAt && (lastUsedAt ? say('integrations.line.used', { ago: ago(lastUsedAt) }) : say('integrations.line.never-used')),
    connection.default && !only && say('integrations.app.default'),
  ].filter(Boolean);
  return (
    <Paper withBorder p="md" style={card} data-connection={id}>
      <Stack gap="xs">
        <Group justify="space-between" gap="xs">
          <Text fw={600} style={{ flex: '1 1 10rem', minWidth: 0, overflowWrap: 'anywhere' }}>
            {alias ? <bdi>{alias}</bdi> : !accountLabel && say('integrations.app.unnamed')}
            {alias && accountLabel && ' · '}
            {accountLabel && <ForeignName text={accountLabel} maxWidth="min(24rem, 100%)" />}
          </Text>
          <StateBadge state={uiState(connection)} />
        </Group>
        {facts.length > 0 && <Text size="sm">{facts.join(' · ')}</Text>}
        {status !== 'removing' && connectedAt && <AccountActions info={info} connection={connection} only={only} />}
      </Stack>
    </Paper>
  );
}

function AccountActions({ info, connection, only }: AccountRowProps) {
  const say = useSay();
  const { connect, disconnect } = useDeeds();
  const [naming, setNaming] = useState(false);
  const check = useCheckConnection();
  const { id, app } = connection;
  return (
    <>
      <Group gap="xs">
        <Button variant="default" loading={check.isPending} onClick={() => check.mutate(id)}>
          {say('integrations.do.check')}
        </Button>
        <Button variant="default" onClick={() => connect(info, { connectionId: id, app })}>
          {say('integrations.do.reconnect')}
        </Button>
        <Button variant="default" onClick={() => setNaming(true)}>
          {say('integrations.app.rename')}
        </Button>
        {!only && !connection.default && <MakeDefault info={info} id={id} />}
        <Button variant="subtle" px="xs" onClick={() => disconnect(info, connection)}>
          {say('integrations.do.disconnect')}
        </Button>
      </Group>
      {check.error && <ReasonNote error={check.error} app={info.name} />}
      <Text size="sm" role="status">
        {check.isSuccess && say('integrations.app.checked-now')}
      </Text>
      {naming && <RenameDialog info={info} id={id} onClose={() => setNaming(false)} />}
    </>
  );
}

function MakeDefault({ info, id }: { info: AppInfoView; id: string }) {
  const say = useSay();
  const { data } = useConnection(id);
  const change = useChangeConnection();
  return (
    <>
      <Button
        variant="default"
        disabled={!data}
        loading={change.isPending}
        onClick={() => data && change.mutate({ id, tag: data.tag, change: { default: true } })}
      >
        {say('integrations.app.make-default')}
      </Button>
      {change.error && <ReasonNote error={change.error} app={info.name} />}
    </>
  );
}
