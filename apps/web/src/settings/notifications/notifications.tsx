import type { PreferencesView } from '@gatehouse/contracts';
import { type Answer, ApiProblem, useChangePreferences, usePreferences } from '@gatehouse/react';
import { ProblemNote, Skeletons } from '@gatehouse/react/parts';
import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { hashKey } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Page } from '../../shell/page.js';
import { useSay } from '../../words/say.js';
import { EmailFields } from './email-fields.js';
import { KindFields } from './kind-fields.js';
import { TestMessage } from './test-message.js';
import { WebhookFields } from './webhook-fields.js';

export function Notifications() {
  const say = useSay();
  const { data, error, refetch } = usePreferences();
  const [reading, setReading] = useState(0);
  const readAgain = () => void refetch().then(() => setReading((count) => count + 1));
  return (
    <Page title={say('shell.nav.notifications')} lead={say('notifications.lead')}>
      {!data && (error ? <ProblemNote error={error} retry={readAgain} /> : <Skeletons count={3} height={160} />)}
      {data && <Form key={reading} saved={data} readAgain={readAgain} />}
    </Page>
  );
}

/** What the person is about to save, as a whole. */
export type Draft = Omit<PreferencesView, 'webhookSecret' | 'webhookStopped'>;
export interface FieldsProps {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
}

const draftOf = ({ webhookSecret: _, webhookStopped: __, ...draft }: PreferencesView): Draft => draft;

/** Its own copy, until it is saved or the person wants to see what holds now. */
function Form({ saved, readAgain }: { saved: Answer<PreferencesView>; readAgain: () => void }) {
  const say = useSay();
  const [draft, setDraft] = useState<Draft>(() => draftOf(saved.data));
  const deed = useChangePreferences();
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const changed = hashKey([draft]) !== hashKey([draftOf(saved.data)]); // whatever the order of their fields
  const submit = (event: FormEvent) => {
    event.preventDefault();
    deed.mutate({ wish: draft, tag: saved.tag }, { onSuccess: ({ data }) => setDraft(draftOf(data)) });
  };
  return (
    <Stack gap="xl">
      <form onSubmit={submit}>
        <Stack gap="xl">
          <KindFields draft={draft} change={change} />
          <EmailFields draft={draft} change={change} />
          <WebhookFields draft={draft} change={change} saved={saved.data} />
          {deed.error && <Refusal error={deed.error} readAgain={readAgain} />}
          <Group gap="md">
            <Button type="submit" loading={deed.isPending} disabled={!changed}>
              {say('notifications.save')}
            </Button>
            <Text role="status">{changed ? say('notifications.unsaved') : deed.isSuccess && say('notifications.saved')}</Text>
          </Group>
        </Stack>
      </form>
      <TestMessage saved={saved.data} unsaved={changed} />
    </Stack>
  );
}

function Refusal({ error, readAgain }: { error: Error; readAgain: () => void }) {
  const say = useSay();
  const { status, code } = error instanceof ApiProblem ? error : { status: 0, code: '' };
  if (code === 'webhook_refused')
    return (
      <Alert color="red" variant="light" role="alert">
        {say('notifications.webhook.refused')}
      </Alert>
    );
  return (
    <Stack gap="xs">
      <ProblemNote error={error} />
      {status === 412 && (
        <Button variant="default" onClick={readAgain} style={{ alignSelf: 'start' }}>
          {say('notifications.read-again')}
        </Button>
      )}
    </Stack>
  );
}
