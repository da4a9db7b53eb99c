import { ProblemNote } from '@gatehouse/react/parts';
import { Anchor, Button, Text, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useSay } from '../words/say.js';
import { Frame } from './frame.js';
import { useDeed } from './use-deed.js';

export function Forgotten() {
  const say = useSay();
  const [email, setEmail] = useState('');
  const deed = useDeed<{ email: string }>('/auth/request-password-reset');
  return (
    <Frame title={say('forgotten.title')} onSubmit={() => deed.mutate({ email })}>
      {deed.error && <ProblemNote error={deed.error} />}
      {deed.isSuccess ? (
        <Text role="status">{say('forgotten.sent', { email })}</Text>
      ) : (
        <>
          <Text>{say('forgotten.text')}</Text>
          <TextInput
            label={say('sign-in.email')}
            type="email"
            name="email"
            autoComplete="username"
            required
            withAsterisk={false}
            value={email}
            onChange={({ currentTarget }) => setEmail(currentTarget.value)}
          />
          <Button type="submit" loading={deed.isPending}>
            {say('forgotten.submit')}
          </Button>
        </>
      )}
      <Anchor component={Link} to="/auth/sign-in">
        {say('sign-in.title')}
      </Anchor>
    </Frame>
  );
}
