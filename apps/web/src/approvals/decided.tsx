import type { ApprovalView } from '@gatehouse/contracts';
import { useApproval } from '@gatehouse/react';
import { Paper, Text } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { useWhen } from '../runs/when.js';
import type { WordId } from '../words/index.js';
import { useSay } from '../words/say.js';

const HERE: Readonly<Record<ApprovalView['state'], WordId>> = {
  waiting: 'approval.deciding',
  approved: 'approval.approved',
  used: 'approval.approved',
  edited: 'approval.edited',
  rejected: 'approval.rejected',
  expired: 'approval.expired',
  cancelled: 'approval.cancelled',
};
const ELSEWHERE: Partial<Record<ApprovalView['state'], WordId>> = {
  approved: 'approval.approved-elsewhere',
  used: 'approval.approved-elsewhere',
  edited: 'approval.edited-elsewhere',
  rejected: 'approval.rejected-elsewhere',
};

/** In the place of a question: how it was decided, when, and whether that was here. */
export function Decided({ id, title, here }: { id: string; title: string; here: boolean }) {
  const say = useSay();
  const { data } = useApproval(id);
  const { time } = useWhen();
  const line = useRef<HTMLDivElement>(null);
  // The focus was in the card that stood here.
  useEffect(() => {
    if (here && (document.activeElement === document.body || !document.activeElement)) line.current?.focus();
  }, [here]);
  const word = data && ((!here && ELSEWHERE[data.state]) || HERE[data.state]);
  return (
    <Paper withBorder p="md" radius="md" ref={line} tabIndex={-1} data-decided={id}>
      <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
        {say('approval.question', { title })}
      </Text>
      <Text role="status">{word && say(word, { at: time(data.decidedAt ?? data.expiresAt) })}</Text>
    </Paper>
  );
}
