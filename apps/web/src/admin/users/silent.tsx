import { Alert, Button, Group, List, Text } from '@mantine/core';
import { useSay } from '../../words/say.js';

/** The apps that did not answer: what is shown is not all. */
export function Silent({ names, retry }: { names: readonly string[]; retry: () => void }) {
  const say = useSay();
  if (!names.length) return null;
  return (
    <Alert color="yellow" variant="light" role="alert">
      <Group justify="space-between" gap="sm">
        <div>
          <Text size="sm">{say('admin.user.silent')}</Text>
          <List size="sm">
            {names.map((name) => (
              <List.Item key={name}>{name}</List.Item>
            ))}
          </List>
        </div>
        <Button variant="default" onClick={retry}>
          {say('list.retry')}
        </Button>
      </Group>
    </Alert>
  );
}
