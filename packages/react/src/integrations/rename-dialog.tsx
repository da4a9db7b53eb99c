import type { AppInfoView, ConnectionView } from '@gatehouse/contracts';
import { Button, Group, Loader, Modal, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useChangeConnection, useConnection } from '../hooks.js';
import { useSay } from '../parts/say.js';
import { dialog } from './look.js';
import { ReasonNote } from './reason-note.js';

interface RenameDialogProps {
  info: AppInfoView;
  id: string;
  onClose: () => void;
}

/** A name that tells this account apart. It is saved only if nobody changed it since it was read. */
export function RenameDialog({ info, id, onClose }: RenameDialogProps) {
  const say = useSay();
  const { data, error } = useConnection(id);
  return (
    <Modal
      {...dialog}
      opened
      onClose={onClose}
      title={say('integrations.app.rename-title')}
      closeButtonProps={{ 'aria-label': say('integrations.do.cancel') }}
    >
      {error && <ReasonNote error={error} app={info.name} />}
      {!data && !error && <Loader aria-label={say('list.loading')} />}
      {data && <Form info={info} connection={data.data} tag={data.tag} onClose={onClose} />}
    </Modal>
  );
}

interface FormProps {
  info: AppInfoView;
  connection: ConnectionView;
  tag: string | null;
  onClose: () => void;
}

function Form({ info, connection, tag, onClose }: FormProps) {
  const say = useSay();
  const [alias, setAlias] = useState(connection.alias ?? '');
  const change = useChangeConnection();
  const [seen] = useState(tag);
  // Refused once, the person has been told and sees the newer name behind this dialog: the next save is based on that one.
  const basis = change.error ? tag : seen;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate({ id: connection.id, tag: basis, change: { alias: alias.trim() || null } }, { onSuccess: onClose });
      }}
    >
      <Stack>
        {change.error && <ReasonNote error={change.error} app={info.name} />}
        <TextInput
          label={say('integrations.app.rename-label')}
          value={alias}
          onChange={({ currentTarget }) => setAlias(currentTarget.value)}
          maxLength={40}
          data-autofocus
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {say('integrations.do.cancel')}
          </Button>
          <Button type="submit" loading={change.isPending}>
            {say('integrations.app.save')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
