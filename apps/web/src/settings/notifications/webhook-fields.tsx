import type { PreferencesView } from '@gatehouse/contracts';
import { Alert, Button, Code, CopyButton, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { useState } from 'react';
import { useSay } from '../../words/say.js';
import type { FieldsProps } from './notifications.js';

const LONGEST = 2000; // characters of an address

export function WebhookFields({ draft, change, saved }: FieldsProps & { saved: PreferencesView }) {
  const say = useSay();
  return (
    <Stack component="section" gap="md">
      <Title order={2} size="h4">
        {say('notifications.channel.webhook')}
      </Title>
      {saved.webhookStopped && (
        <Alert color="yellow" variant="light">
          {say('notifications.webhook.stopped')}
        </Alert>
      )}
      <TextInput
        type="url"
        size="md"
        dir="ltr"
        label={say('notifications.webhook.url')}
        description={say('notifications.webhook.hint')}
        maxLength={LONGEST}
        pattern="https://.*"
        value={draft.webhookUrl ?? ''}
        onChange={({ currentTarget }) => change({ webhookUrl: currentTarget.value.trim() || null })}
      />
      {saved.webhookSecret && <Secret secret={saved.webhookSecret} />}
    </Stack>
  );
}

/** Shown on demand: somebody may be looking on. */
function Secret({ secret }: { secret: string }) {
  const say = useSay();
  const [shown, setShown] = useState(false);
  return (
    <div>
      <Text>{say('notifications.webhook.secret')}</Text>
      <Text size="sm" c="dimmed">
        {say('notifications.webhook.secret.hint')}
      </Text>
      <Group gap="sm" mt="xs">
        {shown && (
          <Code dir="ltr" style={{ overflowWrap: 'anywhere' }}>
            {secret}
          </Code>
        )}
        <Button variant="default" aria-expanded={shown} onClick={() => setShown(!shown)}>
          {say(shown ? 'notifications.webhook.secret.hide' : 'notifications.webhook.secret.show')}
        </Button>
        <CopyButton value={secret}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy}>
              {say(copied ? 'notifications.webhook.secret.copied' : 'notifications.webhook.secret.copy')}
            </Button>
          )}
        </CopyButton>
      </Group>
    </div>
  );
}
