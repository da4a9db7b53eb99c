import { ApiProblem } from '@gatehouse/react';
import { ProblemNote } from '@gatehouse/react/parts';
import { Alert, Anchor, Button, Group, PasswordInput, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useSay } from '../words/say.js';
import { Frame } from './frame.js';
import { useDeed } from './use-deed.js';

/** With a provider of its own a deployment answers this address itself: then nobody sees this page. */
export function SignIn() {
  const say = useSay();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  // The gateway knows where this browser was going: back to a connect page, perhaps. Else `/` knows.
  const deed = useDeed<{ email: string; password: string }>('/auth/sign-in', () => location.assign('/auth/back'));
  return (
    <Frame title={say('sign-in.title')} onSubmit={() => deed.mutate({ email, password })}>
      {deed.error && <Refusal error={deed.error} />}
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
        label={say('sign-in.password')}
        name="password"
        autoComplete="current-password"
        required
        withAsterisk={false}
        value={password}
        onChange={({ currentTarget }) => setPassword(currentTarget.value)}
        visibilityToggleButtonProps={{ 'aria-label': say('sign-in.show-password') }}
      />
      <Button type="submit" loading={deed.isPending || deed.isSuccess}>
        {say('sign-in.submit')}
      </Button>
      <Group justify="space-between">
        <Anchor component={Link} to="/auth/sign-up">
          {say('sign-in.no-account')}
        </Anchor>
        <Anchor component={Link} to="/auth/forgotten">
          {say('sign-in.forgotten')}
        </Anchor>
      </Group>
    </Frame>
  );
}

function Refusal({ error }: { error: Error }) {
  const say = useSay();
  if (!(error instanceof ApiProblem) || ![400, 401, 403].includes(error.status)) return <ProblemNote error={error} />;
  return (
    <Alert color="red" variant="light" role="alert">
      {say(error.code === 'email_not_verified' ? 'sign-in.unverified' : 'sign-in.wrong')}
    </Alert>
  );
}
