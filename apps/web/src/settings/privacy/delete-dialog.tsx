import { ApiProblem, useDeleteMe } from '@gatehouse/react';
import { ProblemNote } from '@gatehouse/react/parts';
import { Button, Group, Modal, PasswordInput, Stack, Text } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { client, queries } from '../../api.js';
import { useSay } from '../../words/say.js';

/** Asks for the password: a browser that somebody left open is not enough to delete everything. */
export function DeleteDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const say = useSay();
  const deed = useDeleteMe();
  const [password, setPassword] = useState('');
  const wrong = deed.error instanceof ApiProblem && deed.error.code === 'wrong_password';
  const close = () => {
    setPassword('');
    deed.reset();
    onClose();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    deed.mutate(password, { onSuccess: () => void leave() });
  };
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={say('privacy.delete.sure')}
      closeButtonProps={{ 'aria-label': say('privacy.delete.cancel') }}
    >
      <form onSubmit={submit}>
        <Stack>
          <Text>{say('privacy.delete.sure.text')}</Text>
          <PasswordInput
            label={say('sign-in.password')}
            autoComplete="current-password"
            required
            withAsterisk={false}
            size="md"
            maxLength={128}
            value={password}
            onChange={({ currentTarget }) => setPassword(currentTarget.value)}
            error={wrong && say('privacy.delete.wrong')}
            visibilityToggleButtonProps={{ 'aria-label': say('sign-in.show-password') }}
          />
          {deed.error && !wrong && <ProblemNote error={deed.error} />}
          <Group justify="end">
            <Button variant="default" onClick={close} data-autofocus>
              {say('privacy.delete.cancel')}
            </Button>
            <Button type="submit" color="red" loading={deed.isPending || deed.isSuccess}>
              {say('privacy.delete.do')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

/** The cookie goes, too, although nothing stands behind it any more. */
async function leave(): Promise<void> {
  await client.ask('POST', '/auth/sign-out', { body: {} }).catch(() => undefined);
  queries.clear();
  location.assign('/goodbye');
}
