import type { PreferencesView, TestChannel, TestResult } from '@gatehouse/contracts';
import { useTestMessage } from '@gatehouse/react';
import { ProblemNote } from '@gatehouse/react/parts';
import { Button, Checkbox, Group, List, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { WordId } from '../../words/index.js';
import { useSay } from '../../words/say.js';

const NAMES: Readonly<Record<TestChannel, WordId>> = {
  email: 'notifications.channel.email',
  webhook: 'notifications.channel.webhook',
};
const OUTCOMES: Readonly<Record<TestResult['outcome'], WordId>> = {
  sent: 'notifications.test.sent',
  no_address: 'notifications.test.no-address',
  refused: 'notifications.test.refused',
  unreachable: 'notifications.test.unreachable',
};
const CHANNELS: readonly TestChannel[] = ['email', 'webhook'];

/** Sends a message now and says what became of it, channel by channel. It goes to what is saved, not to what is being typed. */
export function TestMessage({ saved, unsaved }: { saved: PreferencesView; unsaved: boolean }) {
  const say = useSay();
  const deed = useTestMessage();
  const [left, setLeft] = useState<readonly TestChannel[]>([]);
  const there = CHANNELS.filter((channel) => channel === 'email' || saved.webhookUrl);
  const chosen = there.filter((channel) => !left.includes(channel));
  const choose = (channel: TestChannel, on: boolean) => setLeft(on ? left.filter((one) => one !== channel) : [...left, channel]);
  return (
    <Stack component="section" gap="sm">
      <Title order={2} size="h4">
        {say('notifications.test')}
      </Title>
      <Text>{say(unsaved ? 'notifications.test.save-first' : 'notifications.test.hint')}</Text>
      <Group gap="lg">
        {there.map((channel) => (
          <Checkbox
            key={channel}
            label={say(NAMES[channel])}
            checked={chosen.includes(channel)}
            onChange={({ currentTarget }) => choose(channel, currentTarget.checked)}
          />
        ))}
        <Button variant="default" loading={deed.isPending} disabled={!chosen.length || unsaved} onClick={() => deed.mutate([...chosen])}>
          {say('notifications.test.send')}
        </Button>
      </Group>
      <div role="status">
        {deed.data && (
          <List>
            {deed.data.map(({ channel, outcome, status }) => (
              <List.Item key={channel}>{say(OUTCOMES[outcome], { channel: say(NAMES[channel]), status: status ?? 'none' })}</List.Item>
            ))}
          </List>
        )}
      </div>
      {deed.error && <ProblemNote error={deed.error} />}
    </Stack>
  );
}
