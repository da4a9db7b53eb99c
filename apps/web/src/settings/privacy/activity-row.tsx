import { type ActivityView, appName } from '@gatehouse/contracts';
import { ForeignName } from '@gatehouse/react/parts';
import { Anchor, Button, Card, Group, Text } from '@mantine/core';
import { IconBan, IconCheck, IconDots, IconQuestionMark, IconX } from '@tabler/icons-react';
import { FormattedDate } from 'react-intl';
import type { WordId } from '../../words/index.js';
import { useSay } from '../../words/say.js';

const RESULTS: Readonly<Record<ActivityView['state'], { icon: typeof IconCheck; word: WordId }>> = {
  started: { icon: IconDots, word: 'privacy.result.started' },
  done: { icon: IconCheck, word: 'privacy.result.done' },
  failed: { icon: IconX, word: 'privacy.result.failed' },
  unknown: { icon: IconQuestionMark, word: 'privacy.result.unknown' },
  refused: { icon: IconBan, word: 'privacy.result.refused' },
};
const DECISIONS: Readonly<Record<ActivityView['decision'], WordId>> = {
  allowed: 'privacy.decision.allowed',
  approved: 'privacy.decision.approved',
  unattended: 'privacy.decision.unattended',
  refused: 'privacy.decision.refused',
  rejected: 'privacy.decision.rejected',
};

interface RowProps {
  row: ActivityView;
  /** What people call the tool; of one that is not offered any more there is only its technical name. */
  title: string | undefined;
  onlyThisRun?: () => void;
}

/** One tool call: what, in which app, how it ended, and by whose word. */
export function ActivityRow({ row: { runId, tool, app, decision, state, startedAt }, title, onlyThisRun }: RowProps) {
  const say = useSay();
  const { icon: Icon, word } = RESULTS[state];
  return (
    <Card component="li" withBorder padding="sm">
      <Group justify="space-between" gap="sm">
        <div style={{ flex: '1 1 14rem', minWidth: 0 }}>
          <Text fw={600}>
            <ForeignName text={title ?? tool} />
          </Text>
          <Text size="sm">
            {app && `${appName(app)} · `}
            <Icon size={14} aria-hidden style={{ verticalAlign: '-2px' }} /> {say(word)} · {say(DECISIONS[decision])}
          </Text>
          <Text size="sm" c="dimmed" component="time" dateTime={startedAt}>
            <FormattedDate value={startedAt} dateStyle="medium" timeStyle="short" />
          </Text>
        </div>
        <Group gap="sm">
          <Anchor href={`/runs/${runId}`}>{say('privacy.activity.run')}</Anchor>
          {onlyThisRun && (
            <Button variant="subtle" onClick={onlyThisRun}>
              {say('privacy.activity.only-run')}
            </Button>
          )}
        </Group>
      </Group>
    </Card>
  );
}
