import type { DeadLetterView } from '@gatehouse/contracts';
import { useList } from '@gatehouse/react';
import { ForeignName, ListFrame } from '@gatehouse/react/parts';
import { Button, Group, NativeSelect, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useSay } from '../../words/say.js';
import { type Act, ActDialog } from '../parts/act-dialog.js';
import { AdminPage } from '../parts/admin-page.js';
import { Age } from '../parts/age.js';
import { type Column, DataTable } from '../parts/data-table.js';
import { isAway } from '../parts/source.js';
import { ADMIN } from '../parts/use-admin.js';
import { useNumbers } from '../parts/use-numbers.js';
import { LISTENING, type Listening } from './apps.js';
import { Letter } from './letter.js';
import { useReplay } from './use-replay.js';

const ROW = 64; // pixels
const TYPING_MS = 300;

/** Events that an app could not take: never what is in them. */
export function DeadLetters() {
  const say = useSay();
  const [app, setApp] = useState<Listening>('connections');
  const [reason, setReason] = useState('');
  const [shown, setShown] = useState<string>();
  const [deed, setDeed] = useState<Act>();
  const replay = useReplay(app);
  return (
    <AdminPage title={say('admin.letters')} lead={say('admin.letters.lead')}>
      <Group align="end" gap="sm">
        <NativeSelect
          size="md"
          label={say('admin.app')}
          value={app}
          onChange={({ currentTarget }) => setApp(currentTarget.value as Listening)}
          data={[...LISTENING]}
        />
        <TextInput
          label={say('admin.letters.filter')}
          maxLength={200}
          value={reason}
          onChange={({ currentTarget }) => setReason(currentTarget.value)}
        />
        <Button variant="default" disabled={!reason.trim()} onClick={() => setDeed(replay.matching(reason.trim()))}>
          {say('admin.letters.replay-all')}
        </Button>
      </Group>
      <Letters key={app} app={app} reason={reason.trim()} onShow={setShown} onReplay={(id) => setDeed(replay.one(id))} />
      <Letter app={app} id={shown} onClose={() => setShown(undefined)} />
      <ActDialog deed={deed} onClose={() => setDeed(undefined)} />
    </AdminPage>
  );
}

interface LettersProps {
  app: Listening;
  reason: string;
  onShow: (id: string) => void;
  onReplay: (id: string) => void;
}

function Letters({ app, reason, onShow, onReplay }: LettersProps) {
  const say = useSay();
  const { count, time } = useNumbers();
  const [wanted] = useDebouncedValue(reason, TYPING_MS);
  const list = useList<DeadLetterView>([...ADMIN, app, 'dead-letters'], `/admin/${app}/dead-letters`, {
    query: { reason: wanted || undefined },
  });
  const columns: Column<DeadLetterView>[] = [
    { head: say('admin.topic'), cell: ({ topic }) => topic },
    { head: say('admin.letters.reason'), cell: (letter) => <bdi>{letter.code ? `${letter.code}: ${letter.reason}` : letter.reason}</bdi> },
    { head: say('admin.user'), cell: ({ key }) => (key ? <ForeignName text={key} maxWidth="10rem" /> : say('admin.none')) },
    { head: say('admin.letters.attempts'), cell: ({ attempts }) => count(attempts), numeric: true },
    { head: say('admin.letters.replays'), cell: ({ replays }) => count(replays), numeric: true },
    { head: say('admin.letters.last'), cell: ({ diedAt }) => time(diedAt) },
    {
      head: say('admin.deeds'),
      cell: ({ eventId, topic, diedAt }) => {
        const named = { topic, died: time(diedAt) };
        return (
          <Group gap={4}>
            <Button variant="default" size="compact-sm" aria-label={say('admin.letters.details.of', named)} onClick={() => onShow(eventId)}>
              {say('admin.letters.details')}
            </Button>
            <Button
              variant="default"
              size="compact-sm"
              aria-label={say('admin.letters.replay.of', named)}
              onClick={() => onReplay(eventId)}
            >
              {say('admin.letters.replay')}
            </Button>
          </Group>
        );
      },
    },
  ];
  return (
    <>
      {list.error && isAway(list.error) && <Text role="alert">{say('admin.silent', { name: app })}</Text>}
      <ListFrame list={list} rowHeight={ROW} empty={<Text>{say('admin.letters.none')}</Text>}>
        {(rows) => <DataTable title={say('admin.letters.table', { app })} rows={rows} columns={columns} keyOf={({ eventId }) => eventId} />}
      </ListFrame>
      {list.readAt > 0 && <Age at={list.readAt} />}
    </>
  );
}
