import type { Muted, NotificationKind } from '@gatehouse/contracts';
import { Checkbox, Fieldset, Group, Stack, Text, Title } from '@mantine/core';
import { useId } from 'react';
import type { WordId } from '../../words/index.js';
import { useSay } from '../../words/say.js';
import type { FieldsProps } from './notifications.js';

type Channel = keyof Muted;
const KINDS: readonly { kind: NotificationKind; word: WordId }[] = [
  { kind: 'connection.expired', word: 'notifications.kind.connection' },
  { kind: 'run.blocked', word: 'notifications.kind.blocked' },
  { kind: 'run.approval', word: 'notifications.kind.approval' },
];
const CHANNELS: readonly { channel: Channel; word: WordId }[] = [
  { channel: 'inbox', word: 'notifications.channel.inbox' },
  { channel: 'email', word: 'notifications.channel.email' },
  { channel: 'webhook', word: 'notifications.channel.webhook' },
];

/** What comes over which channel: a box for each. Approvals stay in the inbox, for a run waits for them. */
export function KindFields({ draft, change }: FieldsProps) {
  const say = useSay();
  const hint = useId();
  const off = { inbox: false, email: !draft.email, webhook: !draft.webhookUrl };
  const set = (channel: Channel, kind: NotificationKind, wanted: boolean) => {
    const before: readonly NotificationKind[] = draft.muted[channel];
    const kinds = wanted ? before.filter((one) => one !== kind) : [...before, kind].sort();
    change({ muted: { ...draft.muted, [channel]: kinds } });
  };
  return (
    <Stack component="section" gap="sm">
      <Title order={2} size="h4">
        {say('notifications.what')}
      </Title>
      {KINDS.map(({ kind, word }) => (
        <Fieldset key={kind} legend={say(word)}>
          <Group gap="lg">
            {CHANNELS.map(({ channel, word: name }) => {
              const fixed = channel === 'inbox' && kind === 'run.approval';
              const muted: readonly NotificationKind[] = draft.muted[channel];
              return (
                <Checkbox
                  key={channel}
                  label={say(name)}
                  checked={fixed || (!off[channel] && !muted.includes(kind))}
                  disabled={fixed || off[channel]}
                  {...(fixed && { 'aria-describedby': hint })}
                  onChange={({ currentTarget }) => set(channel, kind, currentTarget.checked)}
                />
              );
            })}
          </Group>
        </Fieldset>
      ))}
      <Text size="sm" c="dimmed" id={hint}>
        {say('notifications.approvals-stay')}
      </Text>
    </Stack>
  );
}
