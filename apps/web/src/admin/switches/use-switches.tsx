import type { SetSwitchRequest, SwitchAnswer, SwitchScope, SwitchView } from '@gatehouse/contracts';
import { ApiProblem, useGatehouse } from '@gatehouse/react';
import { Alert, List, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { WordId } from '../../words/index.js';
import { useSay } from '../../words/say.js';
import type { Act } from '../parts/act-dialog.js';
import { type Keeper, keepersOf, type Merged } from './merged.js';

export interface Wish {
  scope: SwitchScope;
  target: string | null;
}
type Told<T> = { keeper: Keeper; answer: T } | { keeper: Keeper; error: unknown };

const TOUCHES: Readonly<Record<Keeper, WordId>> = {
  'agent-runner': 'admin.switches.look.runs',
  connections: 'admin.switches.look.connections',
};

/** Setting and lifting, at each keeper for itself: one that is away keeps nobody from stopping things at the other, and is named. */
export function useSwitchDeeds(): { set: (wish: Wish, name: string) => Act; lift: (one: Merged, name: string) => Act } {
  const say = useSay();
  const { client } = useGatehouse();
  const ask = ({ scope, target }: Wish, reason: string, dryRun: boolean): Promise<Told<SwitchAnswer>[]> => {
    const body = { scope, ...(target !== null && { target }), reason, dryRun } as SetSwitchRequest;
    return ofEach(keepersOf(scope), (keeper) => client.post<SwitchAnswer>(`/admin/${keeper}/switches`, body));
  };
  const look = (wish: Wish) => async (reason: string) => {
    const told = await ask(wish, reason, true);
    const touches = told.reduce((sum, one) => sum + ('answer' in one ? one.answer.touches : 0), 0);
    const line = (one: Told<SwitchAnswer>) => 'answer' in one && say(TOUCHES[one.keeper], { count: one.answer.touches });
    return { touches, says: <Lines told={told} line={line} /> };
  };
  return {
    set: (wish, name) => ({
      title: say('admin.switches.set.title', { name }),
      word: say('admin.switches.set'),
      evenForNone: true,
      look: look(wish),
      act: async (reason) => (
        <Lines told={await ask(wish, reason, false)} line={({ keeper }) => say('admin.switches.set.done', { keeper })} />
      ),
    }),
    lift: (one, name) => ({
      title: say('admin.switches.lift.title', { name }),
      word: say('admin.switches.lift'),
      evenForNone: true,
      look: look(one),
      act: async (reason) => {
        const keepers = keepersOf(one.scope).filter((keeper) => one.ids[keeper]);
        const lift = (keeper: Keeper) => client.post<SwitchView>(`/admin/${keeper}/switches/${one.ids[keeper]}/lift`, { reason });
        return <Lines told={await ofEach(keepers, lift)} line={({ keeper }) => say('admin.switches.lift.done', { keeper })} />;
      },
    }),
  };
}

/** What each keeper says. When none did it, or the wish itself is refused, that is the answer. */
async function ofEach<T>(keepers: readonly Keeper[], deed: (keeper: Keeper) => Promise<T>): Promise<Told<T>[]> {
  const told = await Promise.all(
    keepers.map(async (keeper): Promise<Told<T>> => {
      try {
        return { keeper, answer: await deed(keeper) };
      } catch (error) {
        return { keeper, error };
      }
    }),
  );
  const errors = told.flatMap((one) => ('error' in one ? [one.error] : []));
  const refusal = errors.find((error) => error instanceof ApiProblem && [400, 401, 403].includes(error.status));
  if (refusal || errors.length === told.length) throw refusal ?? errors[0];
  return told;
}

function Lines<T>({ told, line }: { told: readonly Told<T>[]; line: (one: Told<T>) => ReactNode }) {
  const say = useSay();
  const silent = told.filter((one) => 'error' in one);
  return (
    <>
      <List>{told.map((one) => 'answer' in one && <List.Item key={one.keeper}>{line(one)}</List.Item>)}</List>
      {silent.map(({ keeper }) => (
        <Alert key={keeper} color="red" variant="light" mt="sm" role="alert">
          <Text size="sm">{say('admin.switches.not-there', { keeper })}</Text>
        </Alert>
      ))}
    </>
  );
}
