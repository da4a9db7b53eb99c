import type { DeadLetterStory } from '@gatehouse/contracts';
import { Code, Modal, Stack, Text } from '@mantine/core';
import { useSay } from '../../words/say.js';
import { DataTable } from '../parts/data-table.js';
import { Figures } from '../parts/figures.js';
import { Source } from '../parts/source.js';
import { useAdmin } from '../parts/use-admin.js';
import { useNumbers } from '../parts/use-numbers.js';
import type { Listening } from './apps.js';

interface LetterProps {
  app: Listening;
  id: string | undefined;
  onClose: () => void;
}

/** Where one event came from, where it stands and what was done to it. Its content stays where it is. */
export function Letter({ app, id, onClose }: LetterProps) {
  const say = useSay();
  return (
    <Modal
      opened={id !== undefined}
      onClose={onClose}
      size="lg"
      title={say('admin.letter')}
      closeButtonProps={{ 'aria-label': say('admin.act.close') }}
    >
      {id && <Story app={app} id={id} />}
    </Modal>
  );
}

function Story({ app, id }: { app: Listening; id: string }) {
  const say = useSay();
  const { time, exact } = useNumbers();
  const read = useAdmin<DeadLetterStory>(`${app}/dead-letters/${id}`);
  return (
    <Source read={read} name={app}>
      {({ letter, says, acts }) => (
        <Stack>
          <Text>
            <Code>{id}</Code>: <bdi>{says}</bdi>
          </Text>
          {letter && (
            <Figures
              figures={[
                { name: say('admin.letter.source'), value: <bdi>{letter.source ?? say('admin.none')}</bdi> },
                { name: say('admin.letter.first'), value: exact(letter.recordedAt) },
                { name: say('admin.letters.last'), value: exact(letter.diedAt) },
                { name: say('admin.letter.place'), value: `${letter.topic} ${letter.partition}:${letter.offset}` },
                { name: say('admin.letter.fingerprint'), value: <Code>{letter.fingerprint}</Code> },
              ]}
            />
          )}
          <Text size="sm">{say('admin.letter.redacted')}</Text>
          {acts.length > 0 && (
            <DataTable
              title={say('admin.letter.acts')}
              rows={acts}
              columns={[
                { head: say('admin.when'), cell: ({ at }) => time(at) },
                { head: say('admin.by'), cell: ({ by }) => <bdi>{by}</bdi> },
                { head: say('admin.letter.act'), cell: ({ action, result }) => `${action}: ${result}` },
                { head: say('admin.act.reason'), cell: ({ note }) => <bdi>{note ?? ''}</bdi> },
              ]}
              keyOf={({ at, action }) => `${at} ${action}`}
            />
          )}
        </Stack>
      )}
    </Source>
  );
}
