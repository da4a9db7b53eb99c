import type { ApprovalView } from '@gatehouse/contracts';
import { useConnections } from '@gatehouse/react';
import { Stack } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { ApprovalCard, type Fate } from './approval-card.js';
import { Decided } from './decided.js';

interface QuestionsProps {
  /** What waits now, oldest first. */
  waiting: readonly ApprovalView[];
  shortcuts?: boolean;
  runLink?: (approval: ApprovalView) => ReactNode;
}

/** Questions in the order in which they came. One that was seen here stays in its place when it is decided, wherever that was. */
export function Questions({ waiting, shortcuts = false, runLink }: QuestionsProps) {
  const [seen, setSeen] = useState<readonly ApprovalView[]>([]);
  const [fates, setFates] = useState<ReadonlyMap<string, Fate>>(new Map());
  const onFate = (id: string, fate: Fate | undefined) =>
    setFates((all) => new Map([...all].filter(([other]) => other !== id).concat(fate ? [[id, fate]] : [])));
  const accountOf = useAccountNames();
  const fresh = waiting.filter(({ id }) => !seen.some((one) => one.id === id));
  if (fresh.length) setSeen([...seen, ...fresh]);
  if (!seen.length) return null;
  const open = new Set(waiting.map(({ id }) => id));
  return (
    <Stack gap="md">
      {seen.map((approval) =>
        isOpen(fates.get(approval.id), open.has(approval.id)) ? (
          <ApprovalCard
            key={approval.id}
            approval={approval}
            account={accountOf(approval)}
            onFate={onFate}
            shortcuts={shortcuts}
            runLink={runLink?.(approval)}
          />
        ) : (
          <Decided key={approval.id} id={approval.id} title={approval.title} here={fates.get(approval.id) === 'here'} />
        ),
      )}
    </Stack>
  );
}

/** The news that it was decided may be here before the answer to who decided it. */
const isOpen = (fate: Fate | undefined, waits: boolean): boolean => fate === 'sending' || (waits && !fate);

/** What a person calls the account of an approval; its id where nothing better is known. */
function useAccountNames(): (approval: ApprovalView) => string {
  const { data = [] } = useConnections();
  return ({ connectionId, accountId }) => {
    const found = data.find(({ id }) => id === connectionId);
    return found?.accountLabel ?? found?.alias ?? accountId;
  };
}
