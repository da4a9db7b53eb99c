import type { ApprovalView } from '@gatehouse/contracts';
import { useConnections } from '@gatehouse/react';
import { Stack } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { ApprovalCard } from './approval-card.js';
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
  const [decided, setDecided] = useState<ReadonlyMap<string, boolean>>(new Map());
  const accountOf = useAccountNames();
  const fresh = waiting.filter(({ id }) => !seen.some((one) => one.id === id));
  if (fresh.length) setSeen([...seen, ...fresh]);
  if (!seen.length) return null;
  const open = new Set(waiting.map(({ id }) => id));
  return (
    <Stack gap="md">
      {seen.map((approval) =>
        open.has(approval.id) && !decided.has(approval.id) ? (
          <ApprovalCard
            key={approval.id}
            approval={approval}
            account={accountOf(approval)}
            onDecided={(id, here) => setDecided((all) => new Map(all).set(id, here))}
            shortcuts={shortcuts}
            runLink={runLink?.(approval)}
          />
        ) : (
          <Decided key={approval.id} id={approval.id} title={approval.title} here={decided.get(approval.id) ?? false} />
        ),
      )}
    </Stack>
  );
}

/** What a person calls the account of an approval; its id where nothing better is known. */
function useAccountNames(): (approval: ApprovalView) => string {
  const { data = [] } = useConnections();
  return ({ connectionId, accountId }) => {
    const found = data.find(({ id }) => id === connectionId);
    return found?.accountLabel ?? found?.alias ?? accountId;
  };
}
