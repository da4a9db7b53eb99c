import type { AppInfoView } from '@gatehouse/contracts';
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { FormattedMessage } from 'react-intl';
import type { ConnectWish } from '../connecting.js';
import { useConnect, useMe } from '../hooks.js';
import { useSay } from '../parts/say.js';
import { dialog, lead } from './look.js';

interface ConnectDialogProps {
  info: AppInfoView;
  wish: ConnectWish;
  naming: boolean;
  onClose: () => void;
}

/** Before leaving: as whom, what is asked, and what the next page may say. The window opens in the click on Continue. */
export function ConnectDialog({ info: { name }, wish, naming, onClose }: ConnectDialogProps) {
  const say = useSay();
  const { data: me } = useMe();
  const { connecting } = useConnect();
  const [alias, setAlias] = useState('');
  const again = 'connectionId' in wish;
  const go = () => {
    const named = naming && !again ? { ...wish, alias: alias.trim() } : wish;
    void connecting.begin(named, { words: say('integrations.connect.opening', { app: name }) });
    onClose();
  };
  return (
    <Modal
      {...dialog}
      opened
      onClose={onClose}
      title={say(again ? 'integrations.connect.again' : 'integrations.connect.title', { app: name })}
      closeButtonProps={{ 'aria-label': say('integrations.do.cancel') }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          go();
        }}
      >
        <Stack>
          <Text>
            <FormattedMessage id="integrations.connect.as" values={{ user: <bdi key="user">{me?.email ?? me?.userId ?? '…'}</bdi> }} />
          </Text>
          <Text>{say('integrations.connect.asks', { app: name })}</Text>
          <Text>{say('integrations.connect.name')}</Text>
          {naming && !again && (
            <TextInput
              label={say('integrations.connect.alias')}
              description={say('integrations.connect.alias.hint', { app: name })}
              value={alias}
              onChange={({ currentTarget }) => setAlias(currentTarget.value)}
              maxLength={40}
              required
              withAsterisk={false}
            />
          )}
          <Text fw={600}>{say('integrations.connect.warning')}</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {say('integrations.do.cancel')}
            </Button>
            <Button type="submit" {...lead} data-autofocus={!naming || undefined}>
              {say('integrations.connect.continue')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
