import type { AppInfoView, ConnectionView } from '@gatehouse/contracts';
import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useDisconnect } from '../hooks.js';
import { useSay } from '../parts/say.js';
import { dialog } from './look.js';
import { ReasonNote } from './reason-note.js';

interface DisconnectDialogProps {
  info: AppInfoView;
  connection: ConnectionView;
  onClose: () => void;
  onDone: () => void;
}

/** No undo is offered, since there is none: so the focus is on Cancel. */
export function DisconnectDialog({ info: { name }, connection, onClose, onDone }: DisconnectDialogProps) {
  const say = useSay();
  const disconnect = useDisconnect();
  const go = () =>
    disconnect.mutate(connection.id, {
      onSuccess: () => {
        onDone();
        onClose();
      },
    });
  return (
    <Modal
      {...dialog}
      opened
      onClose={onClose}
      title={say('integrations.disconnect.title', { app: name })}
      closeButtonProps={{ 'aria-label': say('integrations.do.cancel') }}
    >
      <Stack>
        <Text>{say('integrations.disconnect.text', { app: name })}</Text>
        {disconnect.error && <ReasonNote error={disconnect.error} app={name} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {say('integrations.do.cancel')}
          </Button>
          <Button color="red" loading={disconnect.isPending} onClick={go}>
            {say('integrations.do.disconnect')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
