import type { SettledLetters, SettleLettersRequest } from '@gatehouse/contracts';
import { useGatehouse } from '@gatehouse/react';
import { List, Text } from '@mantine/core';
import { useSay } from '../../words/say.js';
import type { Act, Look } from '../parts/act-dialog.js';
import type { Listening } from './apps.js';

type Selection = Pick<SettleLettersRequest, 'ids' | 'reason'>;
const SHOWN = 5;

/** Another chance for dead letters, in their app alone and with every check: one, or all whose failure has these words in it. */
export function useReplay(app: Listening): { one: (id: string) => Act; matching: (reason: string) => Act } {
  const say = useSay();
  const { client } = useGatehouse();
  const act = (selection: Selection): Act => {
    const ask = (note: string, dryRun: boolean) =>
      client.post<SettledLetters>(`/admin/${app}/dead-letters/replay`, { ...selection, note, dryRun });
    return {
      title: say('admin.letters.replay.title'),
      word: say('admin.letters.replay'),
      look: async (note): Promise<Look> => {
        const answer = await ask(note, true);
        const { queued, refused } = sorted(answer);
        const says = say('admin.letters.replay.look', { count: queued, more: answer.more });
        return { touches: queued, says: <Outcome says={says} refused={refused} /> };
      },
      act: async (note) => {
        const answer = await ask(note, false);
        const { queued, refused } = sorted(answer);
        return <Outcome says={say('admin.letters.replay.done', { count: queued, more: answer.more })} refused={refused} />;
      },
    };
  };
  return { one: (id) => act({ ids: [id] }), matching: (reason) => act({ reason }) };
}

function sorted({ results }: SettledLetters) {
  const refused = results.filter(({ outcome }) => outcome !== 'queued');
  return { queued: results.length - refused.length, refused };
}

/** Letters that cannot be replayed, each with why: the first few. */
function Outcome({ says, refused }: { says: string; refused: SettledLetters['results'] }) {
  const say = useSay();
  return (
    <>
      <Text>{says}</Text>
      {refused.length > 0 && (
        <>
          <Text>{say('admin.letters.refused', { count: refused.length })}</Text>
          <List size="sm">
            {refused.slice(0, SHOWN).map((one) => (
              <List.Item key={one.eventId}>
                <bdi>{one.says}</bdi>
              </List.Item>
            ))}
          </List>
        </>
      )}
    </>
  );
}
