import { appName, type RunView } from '@gatehouse/contracts';
import { Badge } from '@mantine/core';
import { IconCheck, IconClock, IconHandStop, IconLoader2, IconPlayerStop, IconPlugConnected, IconX } from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { useIntl } from 'react-intl';
import { useSay } from '../words/say.js';

type State = Pick<RunView, 'state' | 'waitingFor'>;

export const isLive = ({ state }: Pick<RunView, 'state'>): boolean => ['queued', 'delayed', 'running', 'parked'].includes(state);

/** What a run is up to, in words. */
export function useStateWords(): (run: State) => string {
  const say = useSay();
  const { formatList } = useIntl();
  return ({ state, waitingFor }) => {
    if (state === 'queued' || state === 'delayed') return say('run.state.queued');
    if (state === 'running') return say('run.state.running');
    if (state === 'completed') return say('run.state.completed');
    if (state === 'failed') return say('run.state.failed');
    if (state === 'cancelled') return say('run.state.cancelled');
    if (waitingFor?.kind === 'approval') return say('run.state.approval');
    const apps = [...new Set((waitingFor?.blockers ?? []).map(({ app }) => appName(app)))];
    return apps.length ? say('run.state.connection', { apps: formatList(apps, { type: 'conjunction' }) }) : say('run.state.waiting');
  };
}

type Icon = ComponentType<{ size?: number; 'aria-hidden'?: boolean }>;
interface Look {
  icon: Icon;
  color: string;
}

function lookOf({ state, waitingFor }: State): Look {
  if (state === 'completed') return { icon: IconCheck, color: 'green' };
  if (state === 'failed') return { icon: IconX, color: 'red' };
  if (state === 'cancelled') return { icon: IconPlayerStop, color: 'gray' };
  if (state === 'running') return { icon: IconLoader2, color: 'blue' };
  if (state !== 'parked') return { icon: IconClock, color: 'gray' };
  return waitingFor?.kind === 'approval' ? { icon: IconHandStop, color: 'yellow' } : { icon: IconPlugConnected, color: 'yellow' };
}

/** Icon and words; the colour only repeats them. */
export function StateBadge({ run }: { run: State }) {
  const words = useStateWords();
  const { icon: Icon, color } = lookOf(run);
  return (
    <Badge
      color={color}
      variant="light"
      c="var(--mantine-color-text)"
      size="lg"
      tt="none"
      leftSection={<Icon size={16} aria-hidden />}
      maw="100%"
    >
      {words(run)}
    </Badge>
  );
}
