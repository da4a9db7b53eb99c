import type { RunCallView } from '@gatehouse/contracts';
import { ForeignName, ForeignText } from '@gatehouse/react/parts';
import { Anchor, Box, Group, Text, UnstyledButton } from '@mantine/core';
import {
  IconAlertTriangle,
  IconBan,
  IconCheck,
  IconChevronDown,
  IconChevronRight,
  IconClock,
  IconDots,
  IconHandStop,
  IconMessage,
  IconPlayerPlay,
  IconPlayerStop,
  IconPlugConnected,
  IconTool,
  IconX,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { type ComponentType, type ReactNode, useId, useState } from 'react';
import type { WordId } from '../words/index.js';
import { useSay } from '../words/say.js';
import { CallDetails } from './call-details.js';
import type { Line } from './lines.js';
import { useWhen } from './when.js';

type Icon = ComponentType<{ size?: number; stroke?: number; 'aria-hidden'?: boolean }>;

const ICONS: Readonly<Record<Line['kind'], Icon>> = {
  queued: IconClock,
  started: IconPlayerPlay,
  without: IconPlugConnected,
  said: IconMessage,
  call: IconTool,
  refused: IconBan,
  asked: IconHandStop,
  waited: IconPlugConnected,
  completed: IconCheck,
  failed: IconX,
  cancelled: IconPlayerStop,
};
const OUTCOMES: Readonly<Record<'running' | 'done' | 'failed' | 'unknown', { word: WordId; icon: Icon }>> = {
  running: { word: 'line.outcome.running', icon: IconDots },
  done: { word: 'line.outcome.done', icon: IconCheck },
  failed: { word: 'line.outcome.failed', icon: IconX },
  unknown: { word: 'line.outcome.unknown', icon: IconAlertTriangle },
};

interface TimelineLineProps {
  line: Line;
  words: string;
  account: string | null;
  call: RunCallView | undefined;
  /** The run's answer, which is shown in a place of its own. */
  answer: string | null;
}

/** What is written below a line, and what can be opened of it. */
export function TimelineLine({ line, words, account, call, answer }: TimelineLineProps) {
  const head = <Head line={line} words={words} account={account} />;
  return (
    <Box component="li" py={6} data-events={line.events.join(' ')} data-kind={line.kind}>
      {call ? (
        <Opens head={head}>
          <CallDetails call={call} />
        </Opens>
      ) : (
        <Box ps={26}>{head}</Box>
      )}
      {line.kind === 'said' && line.text !== answer && (
        <Box ps={52}>
          <ForeignText text={line.text} />
        </Box>
      )}
      {line.kind === 'without' && <Without words={line.words} />}
    </Box>
  );
}

function Head({ line, words, account }: Pick<TimelineLineProps, 'line' | 'words' | 'account'>) {
  const say = useSay();
  const { time } = useWhen();
  const Icon = ICONS[line.kind];
  return (
    <Group gap="sm" wrap="nowrap" align="start">
      <Box component="span" pt={2} style={{ flex: 'none' }}>
        <Icon size={18} stroke={1.6} aria-hidden />
      </Box>
      <Box component="span" style={{ flex: '1 1 auto', minWidth: 0, overflowWrap: 'anywhere' }}>
        {words}
        {account && (
          <Text component="span" size="sm" c="dimmed">
            {' '}
            {say('line.account')} <ForeignName text={account} />
          </Text>
        )}
        {line.kind === 'call' && <Outcome of={line.outcome} />}
      </Box>
      <Text component="time" dateTime={line.at} size="sm" c="dimmed" style={{ flex: 'none' }}>
        {time(line.at)}
      </Text>
    </Group>
  );
}

/** Which app it had to do without, and the way to change that for the next time. */
function Without({ words }: { words: string }) {
  const say = useSay();
  return (
    <Text ps={52} size="sm">
      {words}{' '}
      <Anchor size="sm" renderRoot={(props) => <Link to="/settings/integrations" {...props} />}>
        {say('line.without.connect')}
      </Anchor>
    </Text>
  );
}

function Outcome({ of }: { of: keyof typeof OUTCOMES }) {
  const say = useSay();
  const { word, icon: Icon } = OUTCOMES[of];
  return (
    <Text component="span" size="sm" c="dimmed" display="inline-flex" ms="xs" style={{ alignItems: 'center', gap: 4 }}>
      <Icon size={14} aria-hidden />
      {say(word)}
    </Text>
  );
}

function Opens({ head, children }: { head: ReactNode; children: ReactNode }) {
  const id = useId();
  const [open, setOpen] = useState(false);
  const Chevron = open ? IconChevronDown : IconChevronRight;
  return (
    <>
      <UnstyledButton w="100%" mih={24} aria-expanded={open} aria-controls={open ? id : undefined} onClick={() => setOpen(!open)}>
        <Group gap={8} wrap="nowrap" align="start">
          <Box component="span" pt={2} style={{ flex: 'none' }}>
            <Chevron size={18} aria-hidden />
          </Box>
          <Box component="span" style={{ flex: '1 1 auto', minWidth: 0 }}>
            {head}
          </Box>
        </Group>
      </UnstyledButton>
      {open && (
        <Box id={id} ps={52} pt={4}>
          {children}
        </Box>
      )}
    </>
  );
}
