import type { NotificationView } from '@gatehouse/contracts';
import { useMarkRead } from '@gatehouse/react';
import { Badge, Button, Card, Group, Text } from '@mantine/core';
import { IconCheck, IconCircle, IconCircleFilled } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useId } from 'react';
import { FormattedDate } from 'react-intl';
import type { WordId } from '../words/index.js';
import { useSay } from '../words/say.js';
import { pathOf } from './path-of.js';

const STATES: Readonly<Record<NotificationView['state'], { icon: typeof IconCheck; word: WordId }>> = {
  posted: { icon: IconCircleFilled, word: 'inbox.state.new' },
  read: { icon: IconCircle, word: 'inbox.state.read' },
  resolved: { icon: IconCheck, word: 'inbox.state.resolved' },
};
const DEEDS: Readonly<Record<NotificationView['kind'], WordId>> = {
  'connection.expired': 'inbox.go.reconnect',
  'run.blocked': 'inbox.go.run',
  'run.approval': 'inbox.go.decide',
};

const LONGEST = 500; // characters; our own sentences are shorter

/** One sentence, and one button to where something can be done about it. What is settled says so, and needs nothing. */
export function Message({ message: { id, kind, state, text, link, createdAt } }: { message: NotificationView }) {
  const say = useSay();
  const sentence = useId();
  const markRead = useMarkRead();
  const { icon: Icon, word } = STATES[state];
  const settled = state === 'resolved';
  return (
    <Card component="li" withBorder padding="sm">
      <Group justify="space-between" gap="sm">
        <div style={{ flex: '1 1 16rem', minWidth: 0 }}>
          <Text id={sentence} fw={state === 'posted' ? 600 : undefined} style={{ overflowWrap: 'anywhere' }} dir="auto">
            {text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text}
          </Text>
          <Group gap="xs" mt={4}>
            <Badge variant="default" tt="none" leftSection={<Icon size={12} aria-hidden />}>
              {say(word)}
            </Badge>
            <Text size="sm" c="dimmed" component="time" dateTime={createdAt}>
              <FormattedDate value={createdAt} dateStyle="medium" timeStyle="short" />
            </Text>
          </Group>
        </div>
        <Button
          component={Link}
          to={pathOf(link)}
          variant={settled ? 'subtle' : state === 'posted' ? 'filled' : 'default'}
          aria-describedby={sentence}
          onClick={() => state === 'posted' && markRead.mutate(id)}
        >
          {say(settled ? 'inbox.go.look' : DEEDS[kind])}
        </Button>
      </Group>
    </Card>
  );
}
