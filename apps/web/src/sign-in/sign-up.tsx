import { ProblemNote } from '@gatehouse/react/parts';
import { Anchor, Button, PasswordInput, Text, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useSay } from '../words/say.js';
import { Frame } from './frame.js';
import { PASSWORD } from './password.js';
import { useDeed } from './use-deed.js';

export function SignUp() {
  const say = useSay();
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const deed = useDeed<{ name: string; email: string; password: string }>('/auth/sign-up/email');
  if (deed.isSuccess)
    return (
      <Frame title={say('sign-up.mail.title')}>
        <Text role="status">{say('sign-up.mail.text', { email })}</Text>
        <Anchor component={Link} to="/auth/sign-in">
          {say('sign-in.title')}
        </Anchor>
      </Frame>
    );
  return (
    <Frame title={say('sign-up.title')} onSubmit={() => deed.mutate({ name, email, password })}>
      {deed.error && <ProblemNote error={deed.error} />}
      <TextInput
        label={say('sign-up.name')}
        name="name"
        autoComplete="name"
        maxLength={200}
        required
        withAsterisk={false}
        value={name}
        onChange={({ currentTarget }) => setName(currentTarget.value)}
      />
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
      <PasswordInput
        {...PASSWORD}
        label={say('sign-in.password')}
        description={say('sign-up.password.hint')}
        name="password"
        value={password}
        onChange={({ currentTarget }) => setPassword(currentTarget.value)}
        visibilityToggleButtonProps={{ 'aria-label': say('sign-in.show-password') }}
      />
      <Button type="submit" loading={deed.isPending}>
        {say('sign-up.submit')}
      </Button>
      <Anchor component={Link} to="/auth/sign-in">
        {say('sign-up.have-account')}
      </Anchor>
    </Frame>
  );
}
