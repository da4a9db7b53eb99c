import { Alert, Button, Group, Text } from '@mantine/core';
import { problemWords } from './problem-words.js';
import { useSay } from './say.js';

/** What went wrong, in words, and the way on. Announced when it appears. */
export function ProblemNote({ error, retry }: { error: unknown; retry?: () => void }) {
  const say = useSay();
  const { id, values } = problemWords(error);
  return (
    <Alert color="red" variant="light" role="alert">
      <Group justify="space-between" gap="sm">
        <Text size="sm" style={{ flex: '1 1 16rem' }}>
          {say(id, values)}
        </Text>
        {retry && (
          <Button variant="default" onClick={retry}>
            {say('list.retry')}
          </Button>
        )}
      </Group>
    </Alert>
  );
}
