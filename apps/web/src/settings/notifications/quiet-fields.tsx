import type { QuietHours } from '@gatehouse/contracts';
import { Group, NativeSelect, Stack, Switch, TextInput } from '@mantine/core';
import { useSay } from '../../words/say.js';
import type { FieldsProps } from './notifications.js';

const here = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;
const NIGHT = { from: '22:00', to: '07:00' };

/** Where the person is, and what they chose before, are among them even if this browser does not list them. */
const zones = (chosen: string): string[] => [...new Set([here(), chosen, 'UTC', ...Intl.supportedValuesOf('timeZone')])].sort();

export function QuietFields({ draft, change }: FieldsProps) {
  const say = useSay();
  const { quietHours: quiet, email } = draft;
  const set = (part: Partial<QuietHours>) => quiet && change({ quietHours: { ...quiet, ...part } });
  return (
    <Stack gap="sm">
      <Switch
        size="md"
        label={say('notifications.quiet')}
        description={say('notifications.quiet.hint')}
        disabled={!email}
        checked={quiet !== null}
        onChange={({ currentTarget }) => change({ quietHours: currentTarget.checked ? { ...NIGHT, timeZone: here() } : null })}
      />
      {quiet && (
        <Group gap="sm" align="end">
          <TextInput
            type="time"
            size="md"
            required
            withAsterisk={false}
            disabled={!email}
            label={say('notifications.quiet.from')}
            value={quiet.from}
            onChange={({ currentTarget }) => set({ from: currentTarget.value })}
          />
          <TextInput
            type="time"
            size="md"
            required
            withAsterisk={false}
            disabled={!email}
            label={say('notifications.quiet.to')}
            value={quiet.to}
            onChange={({ currentTarget }) => set({ to: currentTarget.value })}
          />
          <NativeSelect
            size="md"
            disabled={!email}
            label={say('notifications.quiet.zone')}
            value={quiet.timeZone}
            onChange={({ currentTarget }) => set({ timeZone: currentTarget.value })}
            data={zones(quiet.timeZone)}
            style={{ minWidth: 0, flex: '1 1 12rem' }}
          />
        </Group>
      )}
    </Stack>
  );
}
