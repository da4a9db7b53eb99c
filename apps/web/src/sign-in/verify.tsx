import { ApiProblem } from '@gatehouse/react';
import { ProblemNote } from '@gatehouse/react/parts';
import { Alert, Anchor, Button, Text } from '@mantine/core';
import { Link, useSearch } from '@tanstack/react-router';
import { useSay } from '../words/say.js';
import { Frame } from './frame.js';
import { useDeed } from './use-deed.js';

/** Where the link of the mail leads. It takes a click, since scanners open links. */
export function Verify() {
  const say = useSay();
  const { token } = useSearch({ from: '/auth/verify' });
  const deed = useDeed<{ token: string }>('/auth/verify-email');
  return (
    <Frame title={say('verify.title')} onSubmit={() => deed.mutate({ token })}>
      {deed.error && <LinkRefusal error={deed.error} words={say('verify.expired')} />}
      {deed.isSuccess ? (
        <Text role="status">{say('verify.done')}</Text>
      ) : (
        <>
          <Text>{say('verify.text')}</Text>
          <Button type="submit" loading={deed.isPending}>
            {say('verify.submit')}
          </Button>
        </>
      )}
      {(deed.isSuccess || deed.error) && (
        <Anchor component={Link} to="/auth/sign-in">
          {say('sign-in.title')}
        </Anchor>
      )}
    </Frame>
  );
}

/** A link that is used, too old or not whole; other trouble says what it is. */
export function LinkRefusal({ error, words }: { error: Error; words: string }) {
  if (!(error instanceof ApiProblem) || ![400, 401, 403, 404, 410].includes(error.status)) return <ProblemNote error={error} />;
  return (
    <Alert color="red" variant="light" role="alert">
      {words}
    </Alert>
  );
}
