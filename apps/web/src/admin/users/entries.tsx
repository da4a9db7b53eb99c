import { appName, type OperatorAnswer } from '@gatehouse/contracts';
import { useGatehouse } from '@gatehouse/react';
import { ListFrame } from '@gatehouse/react/parts';
import { Button, Code, Text } from '@mantine/core';
import { useState } from 'react';
import { useSay } from '../../words/say.js';
import { type Act, ActDialog } from '../parts/act-dialog.js';
import { Age } from '../parts/age.js';
import { DataTable } from '../parts/data-table.js';
import { useNumbers } from '../parts/use-numbers.js';
import type { Told } from './merge.js';
import { Silent } from './silent.js';
import { useTimeline } from './use-timeline.js';

const ROW = 48; // pixels

/** The entries of one user, newest first; a message that was given up can be sent once more from here. */
export function Entries({ user }: { user: string }) {
  const say = useSay();
  const { exact } = useNumbers();
  const timeline = useTimeline(user);
  const rows = timeline.rows?.map((row, index) => ({ ...row, key: String(index) }));
  const [deed, setDeed] = useState<Act>();
  const resend = useResend();
  return (
    <>
      <Silent names={timeline.silent} retry={timeline.retry} />
      <ListFrame list={{ ...timeline, rows }} rowHeight={ROW} empty={<Text>{say('admin.user.empty')}</Text>}>
        {(shown) => (
          <DataTable
            title={say('admin.user.table')}
            rows={shown}
            columns={[
              { head: say('admin.when'), cell: ({ at }) => <time dateTime={at}>{exact(at)}</time> },
              { head: say('admin.source'), cell: ({ source }) => source },
              { head: say('admin.user.what'), cell: ({ kind, state }) => [kind, state].filter(Boolean).join(' · ') },
              { head: say('admin.app'), cell: ({ app }) => (app ? appName(app) : say('admin.none')) },
              { head: say('admin.user.detail'), cell: ({ detail }) => <bdi>{detail ?? say('admin.none')}</bdi> },
              { head: say('admin.user.entry'), cell: ({ id }) => (id ? <Code>{id}</Code> : say('admin.none')) },
              {
                head: say('admin.deeds'),
                cell: (row) =>
                  wasGivenUp(row) ? (
                    <Button
                      variant="default"
                      size="compact-sm"
                      aria-label={say('admin.user.resend.of', { at: exact(row.at) })}
                      onClick={() => setDeed(resend(row.id))}
                    >
                      {say('admin.user.resend')}
                    </Button>
                  ) : (
                    say('admin.none')
                  ),
              },
            ]}
            keyOf={({ key }) => key}
          />
        )}
      </ListFrame>
      {timeline.dataUpdatedAt > 0 && <Age at={timeline.dataUpdatedAt} />}
      <ActDialog deed={deed} onClose={() => setDeed(undefined)} />
    </>
  );
}

const wasGivenUp = ({ source, detail }: Told): boolean => source === 'notifier' && (detail ?? '').includes(': failed');

function useResend(): (id: string) => Act {
  const say = useSay();
  const { client } = useGatehouse();
  const ask = (id: string, reason: string, dryRun: boolean) =>
    client.post<OperatorAnswer>(`/admin/notifier/notifications/${id}/resend`, { reason, dryRun });
  return (id) => ({
    title: say('admin.user.resend.title'),
    word: say('admin.user.resend'),
    look: async (reason) => {
      const { touches } = await ask(id, reason, true);
      return { touches, says: say('admin.user.resend.look', { count: touches }) };
    },
    act: async (reason) => say('admin.user.resend.done', { count: (await ask(id, reason, false)).touches }),
  });
}
