import { Anchor, Button, PasswordInput, Text } from '@mantine/core';
import { Link, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useSay } from '../words/say.js';
import { Frame } from './frame.js';
import { PASSWORD } from './password.js';
import { useDeed } from './use-deed.js';
import { LinkRefusal } from './verify.js';

export function Reset() {
  const say = useSay();
  const { token } = useSearch({ from: '/auth/reset' });
  const [newPassword, setNewPassword] = useState('');
  const deed = useDeed<{ token: string; newPassword: string }>('/auth/reset-password');
  return (
    <Frame title={say('reset.title')} onSubmit={() => deed.mutate({ token, newPassword })}>
      {deed.error && <LinkRefusal error={deed.error} words={say('reset.expired')} />}
      {deed.isSuccess ? (
        <Text role="status">{say('reset.done')}</Text>
      ) : (
        <>
          <PasswordInput
            {...PASSWORD}
            label={say('sign-in.password')}
            description={say('sign-up.password.hint')}
            name="newPassword"
            value={newPassword}
            onChange={({ currentTarget }) => setNewPassword(currentTarget.value)}
            visibilityToggleButtonProps={{ 'aria-label': say('sign-in.show-password') }}
          />
          <Button type="submit" loading={deed.isPending}>
            {say('reset.submit')}
          </Button>
        </>
      )}
      <Anchor component={Link} to={deed.error ? '/auth/forgotten' : '/auth/sign-in'}>
        {say(deed.error ? 'forgotten.title' : 'sign-in.title')}
      </Anchor>
    </Frame>
  );
}
