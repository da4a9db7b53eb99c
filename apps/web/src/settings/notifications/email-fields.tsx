import type { MessageLanguage } from '@gatehouse/contracts';
import { NativeSelect, Stack, Switch, Title } from '@mantine/core';
import { useSay } from '../../words/say.js';
import type { Draft, FieldsProps } from './notifications.js';
import { QuietFields } from './quiet-fields.js';

export function EmailFields({ draft, change }: FieldsProps) {
  const say = useSay();
  return (
    <Stack component="section" gap="md">
      <Title order={2} size="h4">
        {say('notifications.channel.email')}
      </Title>
      <Switch
        size="md"
        label={say('notifications.email.on')}
        description={say('notifications.email.hint')}
        checked={draft.email}
        onChange={({ currentTarget }) => change({ email: currentTarget.checked })}
      />
      <NativeSelect
        size="md"
        label={say('notifications.digest')}
        description={say('notifications.digest.hint')}
        disabled={!draft.email}
        value={String(draft.digestMinutes)}
        onChange={({ currentTarget }) => change({ digestMinutes: Number(currentTarget.value) as Draft['digestMinutes'] })}
        data={[
          { value: '0', label: say('notifications.digest.off') },
          { value: '15', label: say('notifications.digest.quarter') },
          { value: '1440', label: say('notifications.digest.day') },
        ]}
      />
      <QuietFields draft={draft} change={change} />
      <NativeSelect
        size="md"
        label={say('notifications.language')}
        value={draft.language ?? ''}
        onChange={({ currentTarget }) => change({ language: (currentTarget.value || null) as MessageLanguage | null })}
        data={[
          { value: '', label: say('notifications.language.account') },
          { value: 'en', label: 'English' },
          { value: 'de', label: 'Deutsch' },
        ]}
      />
    </Stack>
  );
}
