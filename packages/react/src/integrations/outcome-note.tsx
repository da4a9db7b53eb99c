import type { AppInfoView, ConnectionView } from '@gatehouse/contracts';
import { Alert, Anchor, Text } from '@mantine/core';
import { useRemovalOutcome } from '../hooks.js';
import { useSay } from '../parts/say.js';
import { linkColour } from './look.js';
import { providerPage } from './provider-page.js';
import { outcomes } from './words-of.js';

interface OutcomeNoteProps {
  info: AppInfoView;
  connection: ConnectionView;
  onClose: () => void;
}

/** What became of our access at the provider: only what they told us. */
export function OutcomeNote({ info: { app, name }, connection, onClose }: OutcomeNoteProps) {
  const say = useSay();
  const outcome = useRemovalOutcome(connection.id) ?? 'pending';
  const { word, link } = outcomes[outcome];
  const page = providerPage(app);
  const known = outcome !== 'pending';
  return (
    <Alert
      role="status"
      variant="light"
      color="gray"
      mb="md"
      title={say(known ? 'integrations.outcome.title' : 'integrations.badge.leaving', { app: name })}
      withCloseButton={known}
      onClose={onClose}
      closeButtonLabel={say('integrations.do.dismiss')}
    >
      <Text size="sm">{say(word, { app: name })}</Text>
      {link && page && (
        <Anchor c={linkColour} href={page} target="_blank" rel="noopener noreferrer" size="sm">
          {say(link, { app: name })} <span aria-hidden="true">↗</span>
        </Anchor>
      )}
    </Alert>
  );
}
